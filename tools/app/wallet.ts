import {
    Address,
    beginCell,
    Cell,
    internal,
    loadStateInit,
    SendMode,
    storeMessage,
    storeStateInit,
    external,
} from '@ton/core';
import { TonClient } from '@ton/ton';

import { walletOf, type NamedWallet, type WalletName } from '../../devnet/wallets';
import type { TonConnectMessage } from '../../wrappers';

/** The keys behind `wallet-page.js`: it connects as one of the devnet's people and signs with his v5r1 wallet. */
export class DevWallet {
    private readonly client: TonClient;

    constructor(
        devnetUrl: string,
        private readonly wallets: NamedWallet[],
    ) {
        this.client = new TonClient({ endpoint: `${devnetUrl}/api/v2/jsonRPC` });
    }

    /** TON Connect's reply to `ton_addr`. `name@-3` is the same wallet, said to be on testnet. */
    account({ name }: { name: string }) {
        const [person = '', network = '-239'] = name.split('@');
        const { v5r1, publicKey } = walletOf(this.wallets, person as WalletName);
        return {
            address: v5r1.address.toRawString(),
            network,
            publicKey: publicKey.toString('hex'),
            walletStateInit: beginCell().store(storeStateInit(v5r1.init)).endCell().toBoc().toString('base64'),
        };
    }

    /** Signs and sends; gives the external message, as a wallet does. */
    async send({ name, messages, validUntil }: { name: string; messages: TonConnectMessage[]; validUntil: number }) {
        const { v5r1, secretKey } = walletOf(this.wallets, name as WalletName);
        const wallet = this.client.open(v5r1);
        const seqno = await wallet.getSeqno();
        const body = wallet.createTransfer({
            seqno,
            secretKey,
            sendMode: SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS,
            timeout: validUntil,
            messages: messages.map(({ address, amount, payload, stateInit }) => {
                const init = stateInit === undefined ? null : loadStateInit(Cell.fromBase64(stateInit).beginParse());
                return internal({
                    to: Address.parse(address),
                    value: BigInt(amount),
                    bounce: Address.parseFriendly(address).isBounceable,
                    ...(payload !== undefined && { body: Cell.fromBase64(payload) }),
                    ...(init && { init }),
                });
            }),
        });
        const message = external({ to: v5r1.address, init: seqno === 0 ? v5r1.init : null, body });
        const boc = beginCell().store(storeMessage(message)).endCell().toBoc();
        await this.client.sendFile(boc);
        return { boc: boc.toString('base64') };
    }
}
