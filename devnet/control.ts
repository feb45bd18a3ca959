import type { Chain } from './chain';
import { Rejection } from './draft';
import { RequestError, type Api } from './http';
import { Params } from './params';
import { walletAddress, type NamedWallet } from './wallets';

/** The faucet gives at most so many nanotons at once: a million TON. */
const FAUCET_MAX = 10n ** 15n;
/** Time is advanced by a hundred years at most. */
const ADVANCE_MAX = 100 * 365 * 86_400;

/** What `GET /devnet/info` says of the chain itself. */
export type Network = { prices: 'today' | 'earlier'; automaticBlocks: boolean };

/** A contract that `--seed` deployed. */
export type SeededContract = { name: string; kind: string; address: string; note: string };

/** What drives the devnet itself: `/devnet/info`, `/devnet/faucet`, `/devnet/time`, `/devnet/blocks`. */
export function controlApi(
    chain: Chain,
    network: Network,
    wallets: NamedWallet[],
    contracts: () => SeededContract[],
): Api {
    const info = () => ({
        now: chain.now,
        seqno: chain.last.seqno,
        ...network,
        globalId: -239,
        wallets: wallets.map(({ name, mnemonic, publicKey, v4r2, v5r1 }) => ({
            name,
            mnemonic,
            publicKey: publicKey.toString('hex'),
            addresses: { v4r2: walletAddress(v4r2.address), v5r1: walletAddress(v5r1.address) },
        })),
        contracts: contracts(),
    });
    const actions: Record<string, (params: Params) => Promise<unknown>> = {
        async faucet(params) {
            const address = params.address('address');
            const amount = params.bigint('amount');
            if (amount === 0n || amount > FAUCET_MAX) {
                throw new RequestError(422, `The amount is 1 to ${FAUCET_MAX} nanotons and not ${amount}.`);
            }
            await chain.faucet(address, amount);
            return { seqno: chain.last.seqno, balance: chain.account(address).balance.toString() };
        },
        async time(params) {
            const to = params.has('to')
                ? params.integer('to', { min: chain.now, max: chain.now + ADVANCE_MAX })
                : chain.now + params.integer('advance', { min: 0, max: ADVANCE_MAX });
            await chain.advance(to);
            return { now: chain.now, seqno: chain.last.seqno };
        },
        async blocks() {
            const { block, dropped } = await chain.seal();
            return {
                seqno: block.seqno,
                now: block.now,
                transactions: block.transactions.map(({ account, lt, hash }) => ({
                    account: account.toString(),
                    lt: lt.toString(),
                    hash: hash.toString('hex'),
                })),
                dropped: dropped.map(({ hash, reason }) => ({ hash: hash.toString('hex'), reason })),
            };
        },
    };
    return {
        prefix: ['devnet'],
        async handle({ method, path: [name = '', ...rest], query, body }) {
            if (name === 'info' && rest.length === 0 && method === 'GET') {
                return { json: info() };
            }
            const action = rest.length === 0 && Object.hasOwn(actions, name) ? actions[name] : undefined;
            if (!action) {
                throw new RequestError(404, 'There are /devnet/info, /devnet/faucet, /devnet/time and /devnet/blocks.');
            }
            if (method !== 'POST') {
                throw new RequestError(405, `/devnet/${name} takes POST only.`);
            }
            try {
                return { json: await action(new Params(body ?? query)) };
            } catch (error) {
                throw error instanceof Rejection || error instanceof RangeError
                    ? new RequestError(422, error.message)
                    : error;
            }
        },
        fail: (error) => ({ status: error.status, json: { error: error.message } }),
    };
}
