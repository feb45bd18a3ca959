import type { CompilerConfig } from '@ton/blueprint';

export const compile = {
    lang: 'func',
    targets: ['contracts/ads/campaign.fc'],
} satisfies CompilerConfig;
