import './buffer';
import { Address } from '@ton/core';
import { UsernameItem } from 'gramhouse';

/** A bid as the message that TON Connect hands to the wallet; the amount is in nanotons. */
const bid = (item: string, amount: bigint) => ({
    address: Address.parse(item).toString(),
    amount: amount.toString(),
    payload: UsernameItem.bidMessage({ comment: 'mine' }).toBoc().toString('base64'),
});

Object.assign(globalThis, { bid });
