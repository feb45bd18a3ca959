import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const unseeded = 'Take it from the seeded generator, or a failing run cannot be repeated.';
const noNode = 'The wrappers run in a browser, beside nothing but @ton/core and the Buffer that it needs.';
const wallClock = 'Take the time from the sandbox, or a failing run cannot be repeated.';

export default defineConfig(
    globalIgnores(['build/', 'coverage/', 'dist/', 'temp/']),
    {
        files: ['**/*.{ts,tsx}'],
        extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        linterOptions: { reportUnusedDisableDirectives: 'error' },
        rules: {
            '@typescript-eslint/consistent-type-imports': 'error',
            '@typescript-eslint/no-floating-promises': 'error',
            '@typescript-eslint/no-misused-promises': 'error',
            '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
            eqeqeq: 'error',
        },
    },
    {
        files: ['wrappers/**/*.ts'],
        rules: {
            '@typescript-eslint/no-restricted-imports': [
                'error',
                { patterns: [{ regex: '^(?!\\.\\.?/|@ton/(core|crypto)$)', message: noNode }] },
            ],
            'no-restricted-globals': [
                'error',
                ...['__dirname', '__filename', 'global', 'process', 'require', 'setImmediate'].map((name) => ({
                    name,
                    message: noNode,
                })),
            ],
        },
    },
    {
        files: ['tests/**/*.ts'],
        rules: {
            'no-console': 'error',
            'no-restricted-properties': [
                'error',
                { object: 'Math', property: 'random', message: unseeded },
                { object: 'Date', property: 'now', message: wallClock },
                ...['describe', 'it', 'test'].flatMap((object) =>
                    ['only', 'skip', 'todo', 'failing'].map((property) => ({ object, property })),
                ),
            ],
            'no-restricted-globals': ['error', 'fdescribe', 'fit', 'xdescribe', 'xit', 'xtest'],
            'no-restricted-syntax': [
                'error',
                { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: wallClock },
            ],
        },
    },
);
