import { Anchor, Code } from '@mantine/core';
import type { Address } from '@ton/core';

import { useChain } from '../chain';
import { shortAddress } from '../format';
import { texts } from '../texts';

/** A transaction's page in the explorer. */
export function TransactionLink({ hash, label = texts.transaction }: { hash: string; label?: string }) {
    const { config } = useChain();
    return (
        <Anchor href={config.transactionUrl.replace('{hash}', hash)} target="_blank" rel="noreferrer">
            {label}
        </Anchor>
    );
}

/** An address, shortened; the whole one is its title. */
export function AddressText({ address }: { address: Address }) {
    const { config } = useChain();
    const testOnly = config.network === '-3';
    return <Code title={address.toString({ bounceable: false, testOnly })}>{shortAddress(address, testOnly)}</Code>;
}
