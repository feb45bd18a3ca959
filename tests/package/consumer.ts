import { Address } from '@ton/core';
import { GramhouseError, itemAddress, UsernameItem } from 'gramhouse';
import { ChannelAccount, type ChannelAccountState } from 'gramhouse/ads';
import { accountCode, campaignCode, collectionCode, itemCode, networkCode } from 'gramhouse/code';
import { UsernameItem as itemOfHalf, type ItemState } from 'gramhouse/usernames';

// What a user of the package writes. It is compiled and run as an ES module, as CommonJS and from a bundle.

// @ts-expect-error: a bid takes its comment as a text, so this does not compile where the types are known
export const misuse = () => UsernameItem.bidMessage({ comment: 1 });

export type States = { minBid: ItemState['minBid']; account: ChannelAccountState };

const collection = new Address(0, Buffer.alloc(32, 1));

function refusal(): string {
    try {
        return itemAddress(collection, itemCode, 'no such name').toString();
    } catch (error) {
        return error instanceof GramhouseError ? error.code : String(error);
    }
}

const codes = { accountCode, campaignCode, collectionCode, itemCode, networkCode };

// eslint-disable-next-line no-console -- what this program prints is what the test reads
console.log(
    JSON.stringify({
        bid: UsernameItem.bidMessage({ comment: 'mine' }).toBoc().toString('base64'),
        item: itemAddress(collection, itemCode, 'alice').toString(),
        withdraw: ChannelAccount.withdrawMessage().toBoc().toString('base64'),
        refusal: refusal(),
        isOnePackage: itemOfHalf === UsernameItem,
        codes: Object.entries(codes).map(([name, code]) => `${name} ${code.hash().toString('hex')}`),
    }),
);
