import { beginCell, Cell, external, storeMessage } from '@ton/core';

import type { AccountState } from './account';
import type { Block } from './blocks';
import { toBase64 } from './cells';
import type { Chain } from './chain';
import { Rejection } from './draft';
import { RequestError, type Api } from './http';
import { namedExitCode } from './names';
import { Params } from './params';
import {
    blockId,
    detectAddress,
    feesJson,
    normalizedHash,
    SHARD,
    stateName,
    transactionId,
    transactionJson,
} from './v2-json';
import { parseStack, stackJson } from './v2-stack';

/** toncenter's API v2: `/api/v2/jsonRPC` and `/api/v2/<method>`. */
export function v2Api(chain: Chain): Api {
    const methods = v2Methods(chain);
    const call = async (name: string, values: unknown): Promise<unknown> => {
        const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
        if (!method) {
            throw new RequestError(404, `The devnet has no method ${JSON.stringify(name.slice(0, 80))}.`);
        }
        try {
            return await method(new Params(values));
        } catch (error) {
            throw error instanceof Rejection ? new RequestError(422, rejectionText(chain, error)) : error;
        }
    };
    return {
        prefix: ['api', 'v2'],
        async handle({ method, path, query, body }) {
            const [name = '', ...rest] = path;
            if (rest.length > 0) {
                throw new RequestError(404, 'The devnet serves /api/v2/jsonRPC and /api/v2/<method>.');
            }
            if (name === 'jsonRPC') {
                const request = new Params(body);
                const result = await call(request.text('method'), request.raw('params'));
                return { json: { ok: true, result, jsonrpc: '2.0', id: requestId(body) } };
            }
            return {
                json: { ok: true, result: await call(name, method === 'GET' ? query : { ...query, ...object(body) }) },
            };
        },
        fail(error, request) {
            const isRpc = request?.path[0] === 'jsonRPC';
            const rest = isRpc ? { jsonrpc: '2.0', id: requestId(request?.body) } : {};
            return { status: error.status, json: { ok: false, error: error.message, code: error.status, ...rest } };
        },
    };
}

const object = (body: unknown): object => (typeof body === 'object' && body !== null ? body : {});

function requestId(body: unknown): unknown {
    return typeof body === 'object' && body !== null && 'id' in body ? body.id : null;
}

/** Why a message was refused, as a liteserver says it, with the name of the exit code. */
export function rejectionText(chain: Chain, { message, account, exitCode }: Rejection): string {
    const head =
        'LITE_SERVER_UNKNOWN: cannot apply external message to current state : External message was not accepted';
    if (!account) {
        return `${head}\n${message}`;
    }
    const { contract } = chain.account(account);
    const reason = !contract
        ? `there is no contract at ${account.toString()}, and the message brings none that belongs there`
        : exitCode === null
          ? message
          : `exitcode=${exitCode} (${namedExitCode(exitCode, contract.code)})`;
    return `${head}\nCannot run message on account: inbound external message rejected by account ${account.hash.toString('hex').toUpperCase()}:\n${reason}`;
}

type Method = (params: Params) => unknown;

function v2Methods(chain: Chain): Record<string, Method> {
    const blockOf = (params: Params): { workchain: number; block: Block } => {
        const workchain = params.integer('workchain', { min: -1, max: 0 });
        if (params.has('shard') && !['8000000000000000', '9223372036854775808', SHARD].includes(params.text('shard'))) {
            throw new RequestError(404, `There is no shard ${params.text('shard')}: each workchain has one.`);
        }
        return { workchain, block: findBlock(chain, params.integer('seqno', { min: 1, max: 2 ** 31 })) };
    };
    const locate = (which: 'result' | 'source') => (params: Params) => {
        const found = chain.locate(
            which,
            params.address('source'),
            params.address('destination'),
            params.bigint('created_lt'),
        );
        if (!found) {
            throw new RequestError(404, 'No transaction has this message.');
        }
        return transactionJson(found);
    };
    const send = async (cell: Cell) => {
        await chain.send(cell);
        return cell;
    };
    const state = (params: Params): AccountState => chain.account(params.address('address'));
    const addressInformation = (params: Params) => {
        const account = state(params);
        return {
            '@type': 'raw.fullAccountState',
            balance: account.balance.toString(),
            extra_currencies: [],
            code: account.contract ? toBase64(account.contract.code) : '',
            data: account.contract ? toBase64(account.contract.data) : '',
            last_transaction_id: transactionId(account.last),
            block_id: blockId(chain.last, -1),
            frozen_hash: '',
            sync_utime: chain.now,
            state: stateName(account),
        };
    };

    return {
        getAddressInformation: addressInformation,
        getExtendedAddressInformation: (params) => {
            const account = state(params);
            const { contract } = account;
            return {
                '@type': 'fullAccountState',
                address: { '@type': 'accountAddress', account_address: params.address('address').toString() },
                balance: account.balance.toString(),
                extra_currencies: [],
                last_transaction_id: transactionId(account.last),
                block_id: blockId(chain.last, -1),
                sync_utime: chain.now,
                account_state: contract
                    ? {
                          '@type': 'raw.accountState',
                          code: toBase64(contract.code),
                          data: toBase64(contract.data),
                          frozen_hash: '',
                      }
                    : { '@type': 'uninited.accountState', frozen_hash: '' },
                revision: 0,
            };
        },
        getWalletInformation: async (params) => {
            const account = state(params);
            const seqno = account.contract ? await chain.get(account.address, 'seqno', []) : null;
            const isWallet = seqno !== null && seqno.exitCode <= 1 && seqno.stack[0]?.type === 'int';
            return {
                wallet: isWallet,
                balance: account.balance.toString(),
                extra_currencies: [],
                account_state: stateName(account),
                ...(isWallet && seqno?.stack[0]?.type === 'int' && { seqno: Number(seqno.stack[0].value) }),
                last_transaction_id: transactionId(account.last),
            };
        },
        getAddressBalance: (params) => state(params).balance.toString(),
        getAddressState: (params) => stateName(state(params)),
        packAddress: (params) => params.address('address').toString(),
        unpackAddress: (params) => params.address('address').toRawString().toUpperCase(),
        detectAddress: (params) => detectAddress(params.text('address')),

        runGetMethod: async (params) => {
            const method = params.text('method');
            const stack = parseStack(params.raw('stack'));
            const seqno = params.has('seqno') ? params.integer('seqno', { min: 1, max: chain.last.seqno }) : undefined;
            const address = params.address('address');
            const id = /^-?\d+$/.test(method) ? Number(method) : method;
            const result = await chain.get(address, id, stack, seqno);
            return {
                '@type': 'smc.runResult',
                gas_used: result.gasUsed,
                stack: stackJson(result),
                exit_code: result.exitCode,
                block_id: blockId(chain.last, -1),
                last_transaction_id: transactionId(chain.account(address, seqno).last),
            };
        },

        sendBoc: async (params) => {
            await send(params.cell('boc'));
            return { '@type': 'ok' };
        },
        sendBocReturnHash: async (params) => {
            const cell = await send(params.cell('boc'));
            return {
                '@type': 'raw.extMessageInfo',
                hash: cell.hash().toString('base64'),
                hash_norm: normalizedHash(cell).toString('base64'),
            };
        },
        estimateFee: async (params) => {
            const init = params.has('init_code')
                ? {
                      code: params.cell('init_code'),
                      data: params.has('init_data') ? params.cell('init_data') : Cell.EMPTY,
                  }
                : undefined;
            const message = external({ to: params.address('address'), init, body: params.cell('body') });
            const cell = beginCell().store(storeMessage(message)).endCell();
            const transaction = await chain.dryRun(cell, params.flag('ignore_chksig'));
            return { '@type': 'query.fees', source_fees: feesJson(transaction), destination_fees: [] };
        },

        getTransactions: (params) => {
            const address = params.address('address');
            const limit = params.integer('limit', { min: 1, max: 1000, otherwise: 10 });
            const toLt = params.has('to_lt') ? params.bigint('to_lt') : 0n;
            const start = params.has('lt')
                ? { lt: params.bigint('lt'), hash: params.has('hash') ? params.hash('hash') : null }
                : null;
            if (!start && params.has('hash')) {
                throw new RequestError(422, 'The parameter hash comes with lt.');
            }
            const newestFirst = [...chain.transactionsOf(address)].reverse();
            const begin = start
                ? newestFirst.findIndex(({ lt, hash }) => lt === start.lt && (start.hash?.equals(hash) ?? true))
                : 0;
            if (begin < 0) {
                throw new RequestError(
                    404,
                    'LITE_SERVER_NOTREADY: cannot locate transaction in block with specified logical time',
                );
            }
            return newestFirst
                .slice(begin, begin + limit)
                .filter(({ lt }) => lt > toLt)
                .map(transactionJson);
        },
        tryLocateTx: locate('result'),
        tryLocateResultTx: locate('result'),
        tryLocateSourceTx: locate('source'),

        getMasterchainInfo: () => ({
            '@type': 'blocks.masterchainInfo',
            last: blockId(chain.last, -1),
            state_root_hash: chain.last.rootHash.toString('base64'),
            init: blockId({ seqno: 0, rootHash: Buffer.alloc(32), fileHash: Buffer.alloc(32) }, -1),
        }),
        getConsensusBlock: () => ({ consensus_block: chain.last.seqno, timestamp: chain.now }),
        lookupBlock: (params) => {
            const workchain = params.integer('workchain', { min: -1, max: 0 });
            const block = params.has('seqno')
                ? findBlock(chain, params.integer('seqno', { min: 1, max: 2 ** 31 }))
                : params.has('lt')
                  ? chain.blocks.find(({ endLt }) => endLt >= params.bigint('lt'))
                  : chain.blockAt(params.integer('unixtime', { min: 0, max: 2 ** 32 }));
            if (!block) {
                throw new RequestError(404, 'There is no such block.');
            }
            return blockId(block, workchain);
        },
        shards: (params) => ({
            '@type': 'blocks.shards',
            shards: [blockId(findBlock(chain, params.integer('seqno', { min: 1, max: 2 ** 31 })), 0)],
        }),
        getBlockHeader: (params) => {
            const { workchain, block } = blockOf(params);
            return {
                '@type': 'blocks.header',
                id: blockId(block, workchain),
                global_id: -239,
                version: 0,
                after_merge: false,
                after_split: false,
                before_split: false,
                want_merge: false,
                want_split: false,
                validator_list_hash_short: 0,
                catchain_seqno: 0,
                min_ref_mc_seqno: block.seqno,
                is_key_block: false,
                prev_key_block_seqno: 0,
                start_lt: block.startLt.toString(),
                end_lt: block.endLt.toString(),
                gen_utime: block.now,
                prev_blocks: chain.block(block.seqno - 1)
                    ? [blockId(findBlock(chain, block.seqno - 1), workchain)]
                    : [],
            };
        },
        getBlockTransactions: (params) => {
            const { workchain, block } = blockOf(params);
            const count = params.integer('count', { min: 1, max: 10_000, otherwise: 10_000 });
            const transactions = block.transactions.filter(({ account }) => account.workChain === workchain);
            return {
                '@type': 'blocks.transactions',
                id: blockId(block, workchain),
                req_count: count,
                incomplete: transactions.length > count,
                transactions: transactions.slice(0, count).map(({ account, lt, hash }) => ({
                    '@type': 'blocks.shortTxId',
                    mode: 135,
                    account: account.toRawString(),
                    lt: lt.toString(),
                    hash: hash.toString('base64'),
                })),
            };
        },
        getConfigParam: (params) => {
            const id = params.integer(params.has('param') ? 'param' : 'config_id', {
                min: -(2 ** 31),
                max: 2 ** 31 - 1,
            });
            const cell = chain.configParam(id);
            if (!cell) {
                throw new RequestError(404, `The config has no param ${id}.`);
            }
            return { '@type': 'configInfo', config: { '@type': 'tvm.cell', bytes: toBase64(cell) } };
        },
        getConfigAll: () => ({ '@type': 'configInfo', config: { '@type': 'tvm.cell', bytes: toBase64(chain.config) } }),
    };
}

function findBlock(chain: Chain, seqno: number): Block {
    const block = chain.block(seqno);
    if (!block) {
        throw new RequestError(404, `There is no block ${seqno}: the last one is ${chain.last.seqno}.`);
    }
    return block;
}
