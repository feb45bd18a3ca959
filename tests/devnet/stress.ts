import { Address, internal, SendMode } from '@ton/core';
import { keyPairFromSeed, sha256_sync } from '@ton/crypto';
import { TonClient, WalletContractV4, WalletContractV5R1 } from '@ton/ton';

import type { DevnetProcess } from '../helpers/devnet';

/** What a load did. Counts of messages and of transactions. */
export type StressReport = {
    acknowledged: number;
    refused: string[];
    /** Acknowledged messages that have no transaction at their receiver. */
    lost: string[];
    /** Messages that have more than one. */
    repeated: string[];
    /** Transactions at a receiver that nobody sent. */
    unknown: string[];
    /** Wallets whose seqno is not the number of their acknowledged messages. */
    wrongSeqno: string[];
    /** Pairs of successive transactions of the chain whose logical time does not rise. */
    disorder: string[];
    blocks: number;
    transactions: number;
};

type Client = { name: string; api: TonClient; wallet: WalletContractV4 | WalletContractV5R1; secretKey: Buffer };

const SINKS = 10;
const sink = (index: number): Address => new Address(0, sha256_sync(`sink ${index}`));

/** Clients with wallets of their own that all send and read as fast as they can for so many seconds. */
export async function stress(devnet: DevnetProcess, load: { clients: number; seconds: number }): Promise<StressReport> {
    const clients = Array.from({ length: load.clients }, (_, index) => clientOf(devnet, index));
    await Promise.all(clients.map(({ wallet }) => devnet.faucet(wallet.address.toString(), 100_000_000_000n)));

    let running = true;
    const timer = setTimeout(() => (running = false), load.seconds * 1000);
    const acknowledged = new Set<string>();
    const refused: string[] = [];
    await Promise.all(
        clients.map(async (client) => {
            for (let count = 0; running; count += 1) {
                const text = `${client.name} #${count}`;
                try {
                    await send(client, sink(count % SINKS), text);
                    acknowledged.add(text);
                } catch (error) {
                    refused.push(`${text}: ${String(error)}`);
                }
            }
        }),
    );
    clearTimeout(timer);

    const received = (
        await Promise.all(Array.from({ length: SINKS }, (_, index) => comments(devnet, sink(index))))
    ).flat();
    const seqnos = await Promise.all(clients.map(({ api, wallet }) => api.open(wallet).getSeqno()));
    const sentBy = (name: string): number => [...acknowledged].filter((text) => text.startsWith(`${name} #`)).length;
    const present = new Set(received);
    return {
        acknowledged: acknowledged.size,
        refused,
        lost: [...acknowledged].filter((text) => !present.has(text)),
        repeated: received.filter((text, index) => received.indexOf(text) !== index),
        unknown: [...present].filter((text) => !acknowledged.has(text)),
        wrongSeqno: clients.flatMap(({ name }, index) =>
            seqnos[index] === sentBy(name) ? [] : [`${name}: ${seqnos[index]} and not ${sentBy(name)}`],
        ),
        ...(await readBlocks(devnet)),
    };
}

function clientOf(devnet: DevnetProcess, index: number): Client {
    const name = `client ${index}`;
    const { publicKey, secretKey } = keyPairFromSeed(sha256_sync(name));
    const wallet =
        index % 2 === 0
            ? WalletContractV4.create({ workchain: 0, publicKey })
            : WalletContractV5R1.create({ workchain: 0, publicKey });
    return { name, api: new TonClient({ endpoint: devnet.v2 }), wallet, secretKey };
}

async function send({ api, wallet, secretKey }: Client, to: Address, text: string): Promise<void> {
    const messages = [internal({ to, value: 1_000_000n, bounce: false, body: text })];
    if (wallet instanceof WalletContractV4) {
        const opened = api.open(wallet);
        await opened.sendTransfer({ seqno: await opened.getSeqno(), secretKey, messages });
    } else {
        const opened = api.open(wallet);
        const sendMode = SendMode.PAY_GAS_SEPARATELY;
        await opened.sendTransfer({ seqno: await opened.getSeqno(), secretKey, messages, sendMode });
    }
}

/** The comments of all messages that an account got, page by page. */
async function comments(devnet: DevnetProcess, address: Address): Promise<string[]> {
    const texts: string[] = [];
    for (;;) {
        const { json } = await devnet.get(
            `/api/v3/transactions?account=${address.toString()}&limit=1000&sort=asc&offset=${texts.length}`,
        );
        const { transactions } = json as {
            transactions: { in_msg: { message_content: { decoded: { comment: string } } } }[];
        };
        if (transactions.length === 0) {
            return texts;
        }
        texts.push(...transactions.map(({ in_msg }) => in_msg.message_content.decoded.comment));
    }
}

async function readBlocks(devnet: DevnetProcess): Promise<Pick<StressReport, 'disorder' | 'blocks' | 'transactions'>> {
    const api = new TonClient({ endpoint: devnet.v2 });
    const { latestSeqno } = await api.getMasterchainInfo();
    const disorder: string[] = [];
    let last = 0n;
    let transactions = 0;
    for (let seqno = 1; seqno <= latestSeqno; seqno += 1) {
        for (const { lt, hash } of await api.getShardTransactions(0, seqno, '-9223372036854775808')) {
            if (BigInt(lt) <= last) {
                disorder.push(`${hash} of block ${seqno}`);
            }
            last = BigInt(lt);
            transactions += 1;
        }
    }
    return { disorder, blocks: latestSeqno, transactions };
}
