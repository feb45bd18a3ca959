import type { Config } from 'jest';

import base from '../../jest.config';

/** The specs whose coverage counts: those that say what the contracts do, without the random models and the sweeps' folder. */
const config: Config = {
    ...base,
    rootDir: '../..',
    setupFilesAfterEnv: [...(base.setupFilesAfterEnv ?? []), '<rootDir>/tools/coverage/collect.ts'],
    testMatch: ['<rootDir>/tests/{usernames,ads}/*.spec.ts'],
    testPathIgnorePatterns: ['/model'],
};

export default config;
