import type { MessageRelaxed } from '@ton/core';
import { Address, Cell, external, internal, loadStateInit, SendMode, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import type { Blockchain } from '@ton/sandbox';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';

import type { TonConnectMessage } from '../../wrappers';
import { exitCode, transactionOn } from '../helpers/base-world';

export const WALLET_VERSIONS = ['v4r2', 'v5r1'] as const;

/** What a wallet makes of a message of TON Connect. */
export function walletMessage({ address, amount, payload, stateInit }: TonConnectMessage): MessageRelaxed {
    const { address: to, isBounceable } = Address.parseFriendly(address);
    return internal({
        to,
        value: BigInt(amount),
        bounce: isBounceable,
        body: payload === undefined ? undefined : Cell.fromBase64(payload),
        init: stateInit === undefined ? undefined : loadStateInit(Cell.fromBase64(stateInit).beginParse()),
    });
}

/** A wallet with 1000 TON that its first message deploys. It sends as wallets choose: the fees beside, errors ignored. */
export async function walletOn(chain: Blockchain, version: (typeof WALLET_VERSIONS)[number]) {
    const { publicKey, secretKey } = keyPairFromSeed(Buffer.alloc(32, 3));
    const wallet =
        version === 'v4r2'
            ? WalletContractV4.create({ workchain: 0, publicKey })
            : WalletContractV5R1.create({ publicKey });
    const funder = await chain.treasury('funder');
    await funder.send({ to: wallet.address, value: toNano('1000'), bounce: false });
    let seqno = 0;
    const send = async (messages: TonConnectMessage[]) => {
        const transfer = {
            seqno,
            secretKey,
            timeout: chain.now! + 60,
            messages: messages.map(walletMessage),
            sendMode: SendMode.PAY_GAS_SEPARATELY + SendMode.IGNORE_ERRORS,
        };
        seqno += 1;
        const body =
            wallet instanceof WalletContractV4 ? wallet.createTransfer(transfer) : wallet.createTransfer(transfer);
        const result = await chain.sendMessage(
            external({ to: wallet.address, init: seqno === 1 ? wallet.init : undefined, body }),
        );
        expect(result.transactions.map(exitCode).filter((code) => code)).toEqual([]);
        return transactionOn(result, wallet.address);
    };
    return { address: wallet.address, send };
}
