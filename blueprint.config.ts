import type { Config } from '@ton/blueprint';

// Blueprint ignores this file without a word when it throws: keep it free of anything that can.
export const config: Config = {
    separateCompilables: true,
};
