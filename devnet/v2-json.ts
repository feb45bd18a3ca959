import { Address, beginCell, loadMessage, storeMessage, storeStateInit, type Cell, type Transaction } from '@ton/core';

import type { AccountState } from './account';
import type { Block, ChainTransaction } from './blocks';
import { toBase64 } from './cells';
import { commentOf } from './names';
import { parseAddress } from './params';

// The objects of API v2, as toncenter shapes them

/** The shard in the form of v2: there is one shard a workchain. */
export const SHARD = '-9223372036854775808';
const NO_HASH = Buffer.alloc(32).toString('base64');

export function blockId(
    { seqno, rootHash, fileHash }: Pick<Block, 'seqno' | 'rootHash' | 'fileHash'>,
    workchain: number,
) {
    return {
        '@type': 'ton.blockIdExt',
        workchain,
        shard: SHARD,
        seqno,
        root_hash: rootHash.toString('base64'),
        file_hash: fileHash.toString('base64'),
    };
}

export function transactionId(last: AccountState['last']) {
    return {
        '@type': 'internal.transactionId',
        lt: (last?.lt ?? 0n).toString(),
        hash: last?.hash.toString('base64') ?? NO_HASH,
    };
}

export function stateName({ status }: AccountState): string {
    return status === 'active' || status === 'frozen' ? status : 'uninitialized';
}

export function detectAddress(text: string) {
    const { address, isBounceable, isTestOnly } = Address.isFriendly(text)
        ? Address.parseFriendly(text)
        : { address: parseAddress(text), isBounceable: true, isTestOnly: false };
    const forms = (bounceable: boolean) => ({
        b64: address.toString({ bounceable, urlSafe: false, testOnly: isTestOnly }),
        b64url: address.toString({ bounceable, testOnly: isTestOnly }),
    });
    return {
        raw_form: address.toRawString(),
        bounceable: forms(true),
        non_bounceable: forms(false),
        given_type: !Address.isFriendly(text)
            ? 'raw_form'
            : isBounceable
              ? 'friendly_bounceable'
              : 'friendly_non_bounceable',
        test_only: isTestOnly,
    };
}

/** TEP-467: the hash of an external message without what its sender may choose freely. */
export function normalizedHash(cell: Cell): Buffer {
    const { info, body } = loadMessage(cell.beginParse());
    if (info.type !== 'external-in') {
        return cell.hash();
    }
    const message = { info: { ...info, src: undefined, importFee: 0n }, init: null, body };
    return beginCell()
        .store(storeMessage(message, { forceRef: true }))
        .endCell()
        .hash();
}

export function feesJson(transaction: Transaction) {
    const { description } = transaction;
    const [storage, gas, forward] =
        description.type === 'generic'
            ? [
                  description.storagePhase?.storageFeesCollected ?? 0n,
                  description.computePhase.type === 'vm' ? description.computePhase.gasFees : 0n,
                  description.actionPhase?.totalFwdFees ?? 0n,
              ]
            : [0n, 0n, 0n];
    const actions = description.type === 'generic' ? (description.actionPhase?.totalActionFees ?? 0n) : 0n;
    return {
        '@type': 'fees',
        in_fwd_fee: Number(transaction.totalFees.coins - storage - gas - actions),
        storage_fee: Number(storage),
        gas_fee: Number(gas),
        fwd_fee: Number(forward),
    };
}

export function transactionJson({ account, cell, transaction, hash, lt, inMessage, outMessages }: ChainTransaction) {
    const { description, totalFees } = transaction;
    const storage = description.type === 'generic' ? (description.storagePhase?.storageFeesCollected ?? 0n) : 0n;
    return {
        '@type': 'raw.transaction',
        address: { '@type': 'accountAddress', account_address: account.toString() },
        utime: transaction.now,
        data: toBase64(cell),
        transaction_id: { '@type': 'internal.transactionId', lt: lt.toString(), hash: hash.toString('base64') },
        fee: totalFees.coins.toString(),
        storage_fee: storage.toString(),
        other_fee: (totalFees.coins - storage).toString(),
        in_msg: inMessage ? messageJson(inMessage) : undefined,
        out_msgs: outMessages.map(messageJson),
    };
}

function messageJson(cell: Cell) {
    const { info, init, body } = loadMessage(cell.beginParse());
    const isInternal = info.type === 'internal';
    return {
        '@type': 'raw.message',
        hash: cell.hash().toString('base64'),
        source: Address.isAddress(info.src) ? info.src.toString() : '',
        destination: Address.isAddress(info.dest) ? info.dest.toString() : '',
        value: isInternal ? info.value.coins.toString() : '0',
        extra_currencies: [],
        fwd_fee: isInternal ? info.forwardFee.toString() : '0',
        ihr_fee: isInternal ? info.ihrFee.toString() : '0',
        created_lt: info.type === 'external-in' ? '0' : info.createdLt.toString(),
        body_hash: body.hash().toString('base64'),
        msg_data: {
            '@type': 'msg.dataRaw',
            body: toBase64(body),
            init_state: init ? toBase64(beginCell().store(storeStateInit(init)).endCell()) : '',
        },
        message: commentOf(body) ?? '',
    };
}
