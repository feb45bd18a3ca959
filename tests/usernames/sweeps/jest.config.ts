import type { Config } from 'jest';

import base from '../../../jest.config';

/** `npm run sweeps`: every case of the sweeps and the faults, of which `npm test` takes a sample, and what comes of them. */
const config: Config = {
    ...base,
    rootDir: '../../..',
    testMatch: ['<rootDir>/tests/usernames/sweeps/*.spec.ts', '<rootDir>/tests/faults/*.spec.ts'],
    globalTeardown: '<rootDir>/tests/usernames/sweeps/summary.ts',
    testTimeout: 600_000,
};

export default config;
