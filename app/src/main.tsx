import './buffer';
import '@mantine/core/styles.css';
import './app.css';

import { createRoot } from 'react-dom/client';

import { App } from './App';
import { readTelegram } from './telegram';

const root = document.getElementById('root');
if (root) {
    createRoot(root).render(<App telegram={readTelegram()} />);
}
