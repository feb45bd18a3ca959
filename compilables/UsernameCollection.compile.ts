import type { CompilerConfig } from '@ton/blueprint';

export const compile = {
    lang: 'func',
    targets: ['contracts/usernames/collection.fc'],
} satisfies CompilerConfig;
