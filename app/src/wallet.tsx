import { Address } from '@ton/core';
import { useTonConnectUI, useTonWallet } from '@tonconnect/ui-react';

import { useChain } from './chain';

/** The connected wallet. */
export type Wallet = {
    address: Address;
    /** It is of another network than the page: nothing can be signed. */
    isWrongNetwork: boolean;
};

/** Null while none is connected. */
export function useWallet(): Wallet | null {
    const { config } = useChain();
    const wallet = useTonWallet();
    if (!wallet) {
        return null;
    }
    const { address, chain } = wallet.account;
    return { address: Address.parse(address), isWrongNetwork: String(chain) !== config.network };
}

/** Opens the window that lets a person choose a wallet. */
export function useConnect(): () => void {
    const [tonConnect] = useTonConnectUI();
    return () => void tonConnect.openModal();
}
