import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
    root: import.meta.dirname,
    plugins: [react()],
    // A page of any static host, also below its root
    base: './',
    build: { outDir: '../build/app', emptyOutDir: true, chunkSizeWarningLimit: 2000 },
});
