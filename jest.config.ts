import type { Config } from 'jest';

const config: Config = {
    preset: 'ts-jest',
    testEnvironment: 'node',
    roots: ['<rootDir>/tests'],
    globalSetup: '<rootDir>/compilables/compile.ts',
    setupFilesAfterEnv: ['<rootDir>/tests/helpers/setup.ts'],
    globalTeardown: '<rootDir>/tests/helpers/teardown.ts',
    testTimeout: 60_000,
    maxWorkers: 2,
};

export default config;
