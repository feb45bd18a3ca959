import { beginCell, loadMessage, storeStateInit, type Address, type Cell, type Transaction } from '@ton/core';

import type { AccountState } from './account';
import type { ChainTransaction } from './blocks';
import { hashBytes, toBase64 } from './cells';
import type { Chain } from './chain';
import { RequestError, type Api } from './http';
import { bodyOp, commentOf, isWallet, opName } from './names';
import { NftIndex, type NftCollection, type NftItem } from './nfts';
import { Params, parseAddress } from './params';

const MAX_LIMIT = 1000;

/** Of toncenter's API v3 what a front end needs: `nft/items`, `nft/collections` and `transactions`. The rest is 501. */
export function v3Api(chain: Chain): Api {
    const nfts = new NftIndex(chain);
    const calls: Record<string, { params: string[]; run: (params: Params) => unknown }> = {
        'nft/items': {
            params: ['address', 'owner_address', 'collection_address', 'index', 'sort_by_last_transaction_lt'],
            run: (params) => nftItems(chain, nfts, params),
        },
        'nft/collections': {
            params: ['collection_address', 'owner_address'],
            run: (params) => nftCollections(chain, nfts, params),
        },
        transactions: {
            params: ['account', 'hash', 'lt', 'start_utime', 'end_utime', 'start_lt', 'end_lt', 'sort'],
            run: (params) => transactions(chain, params),
        },
    };
    return {
        prefix: ['api', 'v3'],
        async handle({ method, path, query }) {
            const name = path.join('/');
            const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
            if (!call || method !== 'GET') {
                throw new RequestError(
                    501,
                    `Of API v3 the devnet serves GET of ${Object.keys(calls).join(', ')} only.`,
                );
            }
            // A filter that is passed over would give a wrong answer
            const other = Object.keys(query).find(
                (key) => ![...call.params, 'limit', 'offset', 'api_key'].includes(key),
            );
            if (other !== undefined) {
                throw new RequestError(501, `The devnet's ${name} does not serve the parameter ${other.slice(0, 80)}.`);
            }
            return { json: await call.run(new Params(query)) };
        },
        fail: (error) => ({ status: error.status, json: { error: error.message, code: error.status } }),
    };
}

/** As v3 writes addresses. */
const raw = (address: Address): string => address.toRawString().toUpperCase();
const maybeRaw = (address: Address | null): string | null => address && raw(address);
const hash64 = (hash: bigint): string => hashBytes(hash).toString('base64');

/** A parameter that may be given more than once; null without it. */
function addresses(params: Params, name: string): string[] | null {
    return params.has(name)
        ? params
              .text(name)
              .split(',')
              .map((text) => raw(parseAddress(text, name)))
        : null;
}

const fits = (wanted: string[] | null, address: Address | null): boolean =>
    wanted === null || (address !== null && wanted.includes(raw(address)));

function paged<T>(params: Params, all: T[]): T[] {
    const limit = params.integer('limit', { min: 1, max: MAX_LIMIT, otherwise: 10 });
    const offset = params.integer('offset', { min: 0, max: 2 ** 31, otherwise: 0 });
    return all.slice(offset, offset + limit);
}

async function nftItems(chain: Chain, nfts: NftIndex, params: Params): Promise<unknown> {
    const wanted = ['address', 'owner_address', 'collection_address'].map((name) => addresses(params, name));
    const [itemAddresses = null, owners = null, collections = null] = wanted;
    const indices = params.has('index') ? params.text('index').split(',') : null;
    const found = (await nfts.allItems()).filter(
        ({ state, owner, collection, index }) =>
            fits(itemAddresses, state.address) &&
            fits(owners, owner) &&
            fits(collections, collection) &&
            (indices === null || indices.includes(index.toString())),
    );
    if (params.flag('sort_by_last_transaction_lt')) {
        found.sort((a, b) => Number((b.state.last?.lt ?? 0n) - (a.state.last?.lt ?? 0n)));
    }
    const items = paged(params, found);
    const owning = await Promise.all(
        items.map(({ collection }) => (collection ? nfts.collection(collection) : Promise.resolve(null))),
    );
    const named = items.flatMap(({ state, owner, collection }) => [state.address, owner, collection]);
    return {
        nft_items: items.map((item, index) => itemJson(item, owning[index] ?? null)),
        address_book: addressBook(chain, [...named, ...owning.map((collection) => collection?.owner ?? null)]),
        metadata: {},
    };
}

async function nftCollections(chain: Chain, nfts: NftIndex, params: Params): Promise<unknown> {
    const wanted = addresses(params, 'collection_address');
    const owners = addresses(params, 'owner_address');
    const found = (await nfts.allCollections()).filter(
        ({ state, owner }) => fits(wanted, state.address) && fits(owners, owner),
    );
    const collections = paged(params, found);
    return {
        nft_collections: collections.map(collectionJson),
        address_book: addressBook(
            chain,
            collections.flatMap(({ state, owner }) => [state.address, owner]),
        ),
        metadata: {},
    };
}

const hashes = ({ contract }: AccountState) => ({
    code_hash: contract?.code.hash().toString('base64') ?? null,
    data_hash: contract?.data.hash().toString('base64') ?? null,
});

function itemJson({ state, isInitialized, index, collection, owner, content }: NftItem, of: NftCollection | null) {
    return {
        address: raw(state.address),
        init: isInitialized,
        index: index.toString(),
        collection_address: maybeRaw(collection),
        owner_address: maybeRaw(owner),
        content,
        last_transaction_lt: (state.last?.lt ?? 0n).toString(),
        ...hashes(state),
        collection: of && collectionJson(of),
    };
}

function collectionJson({ state, owner, nextItemIndex, content }: NftCollection) {
    return {
        address: raw(state.address),
        owner_address: maybeRaw(owner),
        last_transaction_lt: (state.last?.lt ?? 0n).toString(),
        next_item_index: nextItemIndex.toString(),
        collection_content: content,
        ...hashes(state),
    };
}

/** Wallets in the form that does not bounce, as v3 shows them. */
function addressBook(chain: Chain, all: (Address | null)[]) {
    const present = all.filter((address) => address !== null);
    return Object.fromEntries(
        present.map((address) => {
            const { contract } = chain.account(address);
            const bounceable = contract !== null && !isWallet(contract.code);
            return [raw(address), { user_friendly: address.toString({ bounceable }), domain: null }];
        }),
    );
}

function transactions(chain: Chain, params: Params): unknown {
    const accounts = addresses(params, 'account');
    const hash = params.has('hash') ? params.hash('hash') : null;
    const within = (name: string, value: bigint): boolean =>
        (!params.has(`start_${name}`) || value >= params.bigint(`start_${name}`)) &&
        (!params.has(`end_${name}`) || value <= params.bigint(`end_${name}`));
    const lt = params.has('lt') ? params.bigint('lt') : null;
    const sort = params.has('sort') ? params.text('sort') : 'desc';
    if (sort !== 'asc' && sort !== 'desc') {
        throw new RequestError(422, 'The parameter sort is asc or desc.');
    }
    const all = accounts
        ? [...new Set(accounts)].flatMap((account) => chain.transactionsOf(parseAddress(account)))
        : chain.blocks.flatMap((block) => block.transactions);
    const found = all.filter(
        (entry) =>
            (hash?.equals(entry.hash) ?? true) &&
            (lt === null || entry.lt === lt) &&
            within('lt', entry.lt) &&
            within('utime', BigInt(entry.transaction.now)),
    );
    found.sort((a, b) => Number(sort === 'asc' ? a.lt - b.lt : b.lt - a.lt));
    const shown = paged(params, found);
    const named = shown.flatMap(({ account, transaction }) => [
        account,
        ...[transaction.inMessage, ...transaction.outMessages.values()].flatMap((message) =>
            message?.info.type === 'internal' ? [message.info.src, message.info.dest] : [],
        ),
    ]);
    return { transactions: shown.map(transactionJson), address_book: addressBook(chain, named) };
}

const STATUS = { uninitialized: 'uninit', frozen: 'frozen', active: 'active', 'non-existing': 'nonexist' };

function transactionJson(entry: ChainTransaction) {
    const { account, transaction, hash, seqno, inMessage, outMessages } = entry;
    return {
        account: raw(account),
        hash: hash.toString('base64'),
        lt: transaction.lt.toString(),
        now: transaction.now,
        mc_block_seqno: seqno,
        trace_id: entry.trace.toString('base64'),
        prev_trans_hash: hash64(transaction.prevTransactionHash),
        prev_trans_lt: transaction.prevTransactionLt.toString(),
        orig_status: STATUS[transaction.oldStatus],
        end_status: STATUS[transaction.endStatus],
        total_fees: transaction.totalFees.coins.toString(),
        total_fees_extra_currencies: {},
        description: descriptionJson(transaction),
        block_ref: { workchain: account.workChain, shard: '8000000000000000', seqno },
        in_msg: inMessage && messageJson(inMessage),
        out_msgs: outMessages.map(messageJson),
        account_state_before: accountStateJson(transaction.stateUpdate.oldHash),
        account_state_after: accountStateJson(transaction.stateUpdate.newHash),
        emulated: false,
        finality: 'finalized',
    };
}

/** A state that is known by its hash only, as v3 shows it. */
function accountStateJson(hash: Buffer) {
    return {
        hash: hash.toString('base64'),
        balance: null,
        extra_currencies: null,
        account_status: null,
        frozen_hash: null,
        data_hash: null,
        code_hash: null,
    };
}

function descriptionJson({ description }: Transaction) {
    if (description.type !== 'generic') {
        return { type: description.type };
    }
    const { storagePhase, creditPhase, computePhase, actionPhase, bouncePhase } = description;
    return {
        type: 'ord',
        aborted: description.aborted,
        destroyed: description.destroyed,
        credit_first: description.creditFirst,
        ...(storagePhase && {
            storage_ph: {
                storage_fees_collected: storagePhase.storageFeesCollected.toString(),
                ...(storagePhase.storageFeesDue && { storage_fees_due: storagePhase.storageFeesDue.toString() }),
                status_change: storagePhase.statusChange,
            },
        }),
        ...(creditPhase && {
            credit_ph: {
                ...(creditPhase.dueFeesColelcted && { due_fees_collected: creditPhase.dueFeesColelcted.toString() }),
                credit: creditPhase.credit.coins.toString(),
            },
        }),
        compute_ph:
            computePhase.type === 'skipped'
                ? { skipped: true, reason: computePhase.reason.replace('-', '_') }
                : {
                      skipped: false,
                      success: computePhase.success,
                      msg_state_used: computePhase.messageStateUsed,
                      account_activated: computePhase.accountActivated,
                      gas_fees: computePhase.gasFees.toString(),
                      gas_used: computePhase.gasUsed.toString(),
                      gas_limit: computePhase.gasLimit.toString(),
                      ...(computePhase.gasCredit && { gas_credit: computePhase.gasCredit.toString() }),
                      mode: computePhase.mode,
                      exit_code: computePhase.exitCode,
                      ...(computePhase.exitArg && { exit_arg: computePhase.exitArg }),
                      vm_steps: computePhase.vmSteps,
                      vm_init_state_hash: hash64(computePhase.vmInitStateHash),
                      vm_final_state_hash: hash64(computePhase.vmFinalStateHash),
                  },
        ...(actionPhase && {
            action: {
                success: actionPhase.success,
                valid: actionPhase.valid,
                no_funds: actionPhase.noFunds,
                status_change: actionPhase.statusChange,
                ...(actionPhase.totalFwdFees && { total_fwd_fees: actionPhase.totalFwdFees.toString() }),
                ...(actionPhase.totalActionFees && { total_action_fees: actionPhase.totalActionFees.toString() }),
                result_code: actionPhase.resultCode,
                ...(actionPhase.resultArg && { result_arg: actionPhase.resultArg }),
                tot_actions: actionPhase.totalActions,
                spec_actions: actionPhase.specActions,
                skipped_actions: actionPhase.skippedActions,
                msgs_created: actionPhase.messagesCreated,
                action_list_hash: hash64(actionPhase.actionListHash),
                tot_msg_size: sizeJson(actionPhase.totalMessageSize),
            },
        }),
        ...(bouncePhase && {
            bounce:
                bouncePhase.type === 'ok'
                    ? {
                          type: 'ok',
                          msg_size: sizeJson(bouncePhase.messageSize),
                          msg_fees: bouncePhase.messageFees.toString(),
                          fwd_fees: bouncePhase.forwardFees.toString(),
                      }
                    : { type: bouncePhase.type === 'no-funds' ? 'nofunds' : 'negfunds' },
        }),
    };
}

const sizeJson = ({ cells, bits }: { cells: bigint; bits: bigint }) => ({
    cells: cells.toString(),
    bits: bits.toString(),
});

function messageJson(cell: Cell) {
    const { info, init, body } = loadMessage(cell.beginParse());
    const internal = info.type === 'internal' ? info : null;
    const op = bodyOp(body);
    const comment = commentOf(body);
    const initCell = init ? beginCell().store(storeStateInit(init)).endCell() : null;
    return {
        hash: cell.hash().toString('base64'),
        source: info.type === 'external-in' ? null : raw(info.src),
        destination: info.type === 'external-out' ? null : raw(info.dest),
        value: internal?.value.coins.toString() ?? null,
        value_extra_currencies: internal ? {} : null,
        fwd_fee: internal?.forwardFee.toString() ?? null,
        ihr_fee: internal ? '0' : null,
        extra_flags: internal?.ihrFee.toString() ?? null,
        created_lt: info.type === 'external-in' ? null : info.createdLt.toString(),
        created_at: info.type === 'external-in' ? null : info.createdAt.toString(),
        opcode: op === null ? null : `0x${op.toString(16).padStart(8, '0')}`,
        decoded_opcode: op === null ? null : opName(op),
        ihr_disabled: internal?.ihrDisabled ?? null,
        bounce: internal?.bounce ?? null,
        bounced: internal?.bounced ?? null,
        import_fee: info.type === 'external-in' ? info.importFee.toString() : null,
        message_content: {
            hash: body.hash().toString('base64'),
            body: toBase64(body),
            decoded: comment === null ? null : { type: 'text_comment', comment },
        },
        init_state: initCell && { hash: initCell.hash().toString('base64'), body: toBase64(initCell) },
    };
}
