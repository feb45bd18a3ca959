import { loadMessage, parseTuple, type Address, type Cell, type CommonMessageInfo, type StateInit } from '@ton/core';

import { multiRootBoc } from './boc';
import { CONFIG_ADDRESS, type AccountState } from './account';
import type { Block, ChainTransaction } from './blocks';
import { hashBytes, toBase64 } from './cells';
import type { Chain } from './chain';
import { Rejection } from './draft';
import { RequestError, type Api, type Request } from './http';
import { commentOf } from './names';
import { Params, parseAddress, parseBoc, parseHash } from './params';
import { rejectionText } from './v2';
import { SHARD } from './v2-json';

/** How many transactions a call for an account's history gives. */
const PAGE = 20;

/** The API v4 of tonhub, as TonClient4 calls it: `/api/v4/block/...`, `/api/v4/account/...`, `/api/v4/send`. */
export function v4Api(chain: Chain): Api {
    return {
        prefix: ['api', 'v4'],
        async handle(request) {
            const { method, path, body } = request;
            const [head = '', ...rest] = path;
            if (method === 'POST' && head === 'send' && rest.length === 0) {
                try {
                    await chain.send(new Params(body).cell('boc'));
                } catch (error) {
                    throw error instanceof Rejection ? new RequestError(422, rejectionText(chain, error)) : error;
                }
                return { json: { status: 1 } };
            }
            if (method === 'GET' && head === 'block') {
                return { json: await blockCall(chain, rest) };
            }
            if (method === 'GET' && head === 'account') {
                return { json: accountCall(chain, rest, request) };
            }
            throw new RequestError(404, 'The devnet has no such call of API v4.');
        },
        fail: (error) => ({ status: error.status, json: { error: error.message } }),
    };
}

async function blockCall(chain: Chain, [which = '', ...rest]: string[]): Promise<unknown> {
    if (which === 'latest' && rest.length === 0) {
        const { last } = chain;
        const zero = Buffer.alloc(32).toString('base64');
        return {
            last: blockId(last, -1),
            init: { rootHash: zero, fileHash: zero },
            stateRootHash: last.rootHash.toString('base64'),
            now: chain.now,
        };
    }
    if (which === 'utime' && rest.length === 1) {
        return blockJson(chain.blockAt(number(rest[0], 'utime')));
    }
    const seqno = number(which, 'seqno');
    const [what, action, ...args] = rest;
    if (what === undefined) {
        return blockJson(chain.block(seqno));
    }
    const block = chain.block(seqno);
    if (!block) {
        throw new RequestError(404, `There is no block ${seqno}: the last one is ${chain.last.seqno}.`);
    }
    if (what === 'config' && args.length === 0) {
        return configJson(chain, action);
    }
    const state = chain.account(parseAddress(what), seqno);
    if (action === undefined) {
        return { account: accountJson(state, fullState(state)), block: blockId(block, -1) };
    }
    if (action === 'lite' && args.length === 0) {
        return { account: accountJson(state, liteState(state)), block: blockId(block, -1) };
    }
    if (action === 'changed' && args.length === 1) {
        const lt = BigInt(number(args[0], 'lt'));
        return { changed: (state.last?.lt ?? 0n) > lt, block: blockId(block, -1) };
    }
    if (action === 'run' && (args.length === 1 || args.length === 2)) {
        const stack = args[1] === undefined ? [] : parseStack(args[1]);
        const result = await chain.get(state.address, args[0] ?? '', stack, seqno);
        return {
            exitCode: result.exitCode,
            resultRaw: result.stackBoc,
            block: blockId(block, -1),
            shardBlock: blockId(block, 0),
        };
    }
    throw new RequestError(404, 'The devnet has no such call of a block.');
}

function parseStack(text: string) {
    const cell = parseBoc(text, 'args');
    try {
        return parseTuple(cell);
    } catch {
        throw new RequestError(422, 'The arguments are no stack (block.tlb VmStack).');
    }
}

function accountCall(chain: Chain, path: string[], { query }: Request): unknown {
    const [account = '', tx, ...rest] = path;
    const isParsed = rest[0] === 'parsed';
    const [lt, hash, ...more] = isParsed ? rest.slice(1) : rest;
    if (tx !== 'tx' || lt === undefined || hash === undefined || more.length > 0) {
        throw new RequestError(404, 'The devnet has no such call of an account.');
    }
    const count = isParsed ? new Params(query).integer('count', { min: 1, max: 1000, otherwise: PAGE }) : PAGE;
    const transactions = page(chain, parseAddress(account), BigInt(number(lt, 'lt')), parseHash(hash), count);
    const blocks = transactions.map(({ account, seqno }) => blockId(blockOf(chain, seqno), account.workChain));
    return isParsed
        ? { blocks, transactions: transactions.map(parsedTransaction) }
        : { blocks, boc: multiRootBoc(transactions.map(({ cell }) => cell)).toString('base64') };
}

/** The transactions of an account from this one back. */
function page(chain: Chain, account: Address, lt: bigint, hash: Buffer, count: number): ChainTransaction[] {
    const all = chain.transactionsOf(account);
    const end = all.findIndex((transaction) => transaction.lt === lt && transaction.hash.equals(hash));
    if (end < 0) {
        throw new RequestError(404, 'The account has no such transaction.');
    }
    return all.slice(Math.max(0, end + 1 - count), end + 1).reverse();
}

function blockOf(chain: Chain, seqno: number): Block {
    return chain.block(seqno) ?? chain.last;
}

function number(text: string | undefined, name: string): number {
    return new Params({ [name]: text }).integer(name, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

function blockId({ seqno, rootHash, fileHash }: Block, workchain: number) {
    return {
        workchain,
        shard: SHARD,
        seqno,
        rootHash: rootHash.toString('base64'),
        fileHash: fileHash.toString('base64'),
    };
}

function blockJson(block: Block | undefined) {
    if (!block) {
        return { exist: false };
    }
    const shards = [-1, 0].map((workchain) => ({
        ...blockId(block, workchain),
        transactions: block.transactions
            .filter(({ account }) => account.workChain === workchain)
            .map(({ account, lt, hash }) => ({
                account: account.toString(),
                hash: hash.toString('base64'),
                lt: lt.toString(),
            })),
    }));
    return { exist: true, block: { shards } };
}

function configJson(chain: Chain, ids: string | undefined) {
    // A client that asks for some params gets all of them: the dictionary is the same, and they are in it
    ids?.split(',').forEach((id) => new Params({ id }).integer('id', { min: -(2 ** 31), max: 2 ** 31 - 1 }));
    return {
        config: {
            cell: toBase64(chain.config),
            address: CONFIG_ADDRESS.toString(),
            globalBalance: {
                coins: chain
                    .accounts()
                    .reduce((sum, { balance }) => sum + balance, 0n)
                    .toString(),
            },
        },
    };
}

function accountJson<T>({ account, balance, last }: AccountState, state: T) {
    const stats = account?.storageStats;
    return {
        state,
        balance: { coins: balance.toString(), currencies: {} },
        last: last && { lt: last.lt.toString(), hash: last.hash.toString('base64') },
        storageStat: stats
            ? {
                  lastPaid: stats.lastPaid,
                  duePayment: stats.duePayment?.toString() ?? null,
                  used: { bits: Number(stats.used.bits), cells: Number(stats.used.cells), publicCells: 0 },
              }
            : null,
    };
}

function fullState(state: AccountState) {
    return state.contract
        ? { type: 'active', code: toBase64(state.contract.code), data: toBase64(state.contract.data) }
        : inactiveState(state);
}

function liteState(state: AccountState) {
    const { contract } = state;
    return contract
        ? {
              type: 'active',
              codeHash: contract.code.hash().toString('base64'),
              dataHash: contract.data.hash().toString('base64'),
          }
        : inactiveState(state);
}

function inactiveState({ account }: AccountState) {
    const state = account?.storage.state;
    return state?.type === 'frozen' ? { type: 'frozen', stateHash: hash64(state.stateHash) } : { type: 'uninit' };
}
const hash64 = (hash: bigint): string => hashBytes(hash).toString('base64');

function parsedTransaction({ account, transaction, hash, inMessage, outMessages }: ChainTransaction) {
    const incoming = inMessage && parsedMessage(inMessage);
    const outgoing = outMessages.map(parsedMessage);
    const [first] = outgoing;
    const { description } = transaction;
    // As a wallet's history shows it: what a wallet was told to send is outgoing
    const isOut = incoming?.info.type === 'external-in';
    const shown = isOut ? first : incoming;
    const amount = shown?.info.type === 'internal' ? BigInt(shown.info.value) : 0n;
    const other = (isOut ? shown?.info.dest : shown?.info.type === 'internal' ? shown.info.src : null) ?? null;
    const address = typeof other === 'string' ? other : account.toString();
    const shownCell = isOut ? outMessages[0] : inMessage;
    const body = shownCell ? loadMessage(shownCell.beginParse()).body : null;
    const comment = body && commentOf(body);
    const isEmpty = !body || (body.bits.length === 0 && body.refs.length === 0);
    const bounced = incoming?.info.type === 'internal' && incoming.info.bounced;
    const signed = isOut ? amount * -1n : amount;
    return {
        address: account.toString(),
        lt: transaction.lt.toString(),
        hash: hash.toString('base64'),
        prevTransaction: {
            lt: transaction.prevTransactionLt.toString(),
            hash: hash64(transaction.prevTransactionHash),
        },
        time: transaction.now,
        outMessagesCount: transaction.outMessagesCount,
        oldStatus: transaction.oldStatus,
        newStatus: transaction.endStatus,
        fees: transaction.totalFees.coins.toString(),
        update: {
            oldHash: transaction.stateUpdate.oldHash.toString('base64'),
            newHash: transaction.stateUpdate.newHash.toString('base64'),
        },
        inMessage: incoming,
        outMessages: outgoing,
        parsed: {
            seqno: null,
            body: isEmpty
                ? null
                : comment !== null
                  ? { type: 'comment', comment }
                  : { type: 'payload', cell: toBase64(body) },
            status: description.type === 'generic' && description.aborted ? 'failed' : 'success',
            dest: isOut ? (typeof other === 'string' ? other : null) : null,
            kind: isOut ? 'out' : 'in',
            amount: signed.toString(),
            resolvedAddress: address,
            bounced,
            mentioned: [],
        },
        operation: {
            address,
            ...(comment !== null && { comment }),
            items: [{ kind: 'ton', amount: signed.toString() }],
        },
    };
}

function parsedMessage(cell: Cell) {
    const { info, init, body } = loadMessage(cell.beginParse());
    return { body: toBase64(body), info: parsedInfo(info), init: init ? parsedInit(init) : null };
}

function parsedInfo(info: CommonMessageInfo) {
    switch (info.type) {
        case 'internal':
            return {
                type: 'internal' as const,
                value: info.value.coins.toString(),
                dest: info.dest.toString(),
                src: info.src.toString(),
                bounced: info.bounced,
                bounce: info.bounce,
                ihrDisabled: info.ihrDisabled,
                createdAt: info.createdAt,
                createdLt: info.createdLt.toString(),
                fwdFee: info.forwardFee.toString(),
                ihrFee: info.ihrFee.toString(),
            };
        case 'external-in':
            return {
                type: 'external-in' as const,
                dest: info.dest.toString(),
                src: null,
                importFee: info.importFee.toString(),
            };
        case 'external-out':
            return {
                type: 'external-out' as const,
                dest: info.dest ? { bits: info.dest.bits, data: info.dest.value.toString(16) } : null,
            };
    }
}

function parsedInit({ splitDepth, code, data, special }: StateInit) {
    return {
        splitDepth: splitDepth ?? null,
        code: code ? toBase64(code) : null,
        data: data ? toBase64(data) : null,
        special: special ?? null,
    };
}
