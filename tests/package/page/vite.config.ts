import { join } from 'node:path';

export default {
    resolve: { alias: [{ find: /^@ton\/crypto$/, replacement: join(__dirname, 'crypto.ts') }] },
};
