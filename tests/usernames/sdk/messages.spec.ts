import '@ton/test-utils';
import type { ContractProvider, Sender, SenderArguments, TupleItem } from '@ton/core';
import { beginCell, Cell, comment, toNano, TupleReader } from '@ton/core';
import { GramhouseError, UsernameCollection, UsernameItem, UsernameOp } from '../../../wrappers';
import { addressOf, auctionConfig, openTerms, royalty } from './fixtures';

const head = (op: number, queryId = 0n) => beginCell().storeUint(op, 32).storeUint(queryId, 64);
const record = beginCell().storeUint(1, 8).endCell();

describe('a message to an item', () => {
    it('is a bid with an empty body or a comment', () => {
        expect(UsernameItem.bidMessage()).toEqualCell(Cell.EMPTY);
        expect(UsernameItem.bidMessage({ comment: 'for you' })).toEqualCell(comment('for you'));
    });

    it('is no bid with the comment #topup', () => {
        expect(() => UsernameItem.bidMessage({ comment: '#topup' })).toThrow(GramhouseError);
        expect(UsernameItem.topUpMessage()).toEqualCell(comment('#topup'));
    });

    it('transfers with a payload inline, in a reference, or none', () => {
        const transfer = { queryId: 5n, newOwner: addressOf(1), responseDestination: null, forwardAmount: 7n };
        const expected = () =>
            head(UsernameOp.transfer, 5n).storeAddress(addressOf(1)).storeAddress(null).storeBit(0).storeCoins(7);
        expect(UsernameItem.transferMessage(transfer)).toEqualCell(expected().storeBit(0).endCell());
        expect(UsernameItem.transferMessage({ ...transfer, forwardPayload: record })).toEqualCell(
            expected().storeBit(1).storeRef(record).endCell(),
        );
        expect(UsernameItem.transferMessage({ ...transfer, forwardPayload: record.beginParse() })).toEqualCell(
            expected().storeBit(0).storeUint(1, 8).endCell(),
        );
    });

    it('sets a record with a reference and deletes one without', () => {
        const key = 3n;
        const expected = () => head(UsernameOp.change_dns_record).storeUint(key, 256);
        expect(UsernameItem.changeDnsRecordMessage({ key, record })).toEqualCell(expected().storeRef(record).endCell());
        expect(UsernameItem.deleteDnsRecordMessage({ key })).toEqualCell(expected().endCell());
    });

    it('bids for somebody else, starts, cancels, settles and asks', () => {
        const [owner, refundTo] = [addressOf(1), addressOf(2)];
        expect(UsernameItem.placeBidMessage({ startedAt: 9, owner, refundTo })).toEqualCell(
            head(UsernameOp.place_bid).storeUint(9, 32).storeAddress(owner).storeAddress(refundTo).endCell(),
        );
        expect(UsernameItem.startAuctionMessage({ auctionConfig }).refs).toHaveLength(1);
        expect(UsernameItem.cancelAuctionMessage({ queryId: 2n })).toEqualCell(
            head(UsernameOp.cancel_auction, 2n).endCell(),
        );
        expect(UsernameItem.settleMessage()).toEqualCell(head(UsernameOp.settle).endCell());
        expect(UsernameItem.getStaticDataMessage()).toEqualCell(head(UsernameOp.get_static_data).endCell());
        expect(UsernameItem.getRoyaltyParamsMessage()).toEqualCell(head(UsernameOp.get_royalty_params).endCell());
    });
});

describe('a message to the collection', () => {
    it('opens a name in its canonical form', () => {
        const expected = head(UsernameOp.open_mint).storeUint(5, 8).storeBuffer(Buffer.from('alice')).endCell();
        expect(UsernameCollection.openMintMessage({ name: '@Alice' })).toEqualCell(expected);
        expect(() => UsernameCollection.openMintMessage({ name: 'a__b' })).toThrow(GramhouseError);
    });

    it('administers', () => {
        const [key, signature] = [Buffer.alloc(32, 4), Buffer.alloc(64, 5)];
        const { numerator, denominator, destination } = royalty;
        expect(UsernameCollection.setPausedMessage({ paused: true })).toEqualCell(
            head(UsernameOp.set_paused).storeBit(1).endCell(),
        );
        expect(UsernameCollection.setTermsMessage({ openTerms: null })).toEqualCell(
            head(UsernameOp.set_terms).storeBit(0).endCell(),
        );
        expect(UsernameCollection.setTermsMessage({ openTerms }).refs).toHaveLength(1);
        expect(UsernameCollection.setRoyaltyMessage({ royalty })).toEqualCell(
            head(UsernameOp.set_royalty)
                .storeUint(numerator, 16)
                .storeUint(denominator, 16)
                .storeAddress(destination)
                .endCell(),
        );
        expect(UsernameCollection.proposeSignerMessage({ publicKey: key })).toEqualCell(
            head(UsernameOp.propose_signer).storeBuffer(key).endCell(),
        );
        expect(UsernameCollection.acceptSignerMessage({ signature })).toEqualCell(
            head(UsernameOp.accept_signer).storeBuffer(signature).endCell(),
        );
        expect(UsernameCollection.proposeAdminMessage({ admin: addressOf(1) })).toEqualCell(
            head(UsernameOp.propose_admin).storeAddress(addressOf(1)).endCell(),
        );
        expect(UsernameCollection.acceptAdminMessage()).toEqualCell(head(UsernameOp.accept_admin).endCell());
        expect(UsernameCollection.renounceAdminMessage()).toEqualCell(head(UsernameOp.renounce_admin).endCell());
    });
});

/** A provider whose getters all answer with `answer`. */
function providerOf(answer: () => TupleItem[], isActive = true): ContractProvider {
    const provider = {
        // eslint-disable-next-line @typescript-eslint/require-await
        get: async () => ({ stack: new TupleReader(answer()) }),
        getState: () => Promise.resolve({ state: { type: isActive ? 'active' : 'uninit' } }),
        internal: (via: Sender, args: Omit<SenderArguments, 'to'>) => via.send({ ...args, to: item.address }),
    };
    return provider as unknown as ContractProvider;
}

const item = UsernameItem.createFromAddress(addressOf(8));
const fail = (error: Error) => (): never => {
    throw error;
};

describe('a getter of an item', () => {
    it.each([
        Object.assign(new Error('failed'), { exitCode: 219 }),
        new Error('Unable to execute get method. Got exit_code: 219'),
        new Error('Exit code: 219'),
    ])('shows no auction where the chain says 219: %s', async (error) => {
        expect(await item.getAuctionState(providerOf(fail(error)))).toBeNull();
    });

    it('passes on every other failure', async () => {
        const error = new Error('Exit code: 210');
        await expect(item.getAuctionState(providerOf(fail(error)))).rejects.toBe(error);
        await expect(item.getState(providerOf(fail(error)))).rejects.toBe(error);
    });

    it('shows an address without a contract as a name without state', async () => {
        const provider = providerOf(fail(new Error('no contract')), false);
        expect(await item.getState(provider)).toMatchObject({ status: 'uninit', owner: null, minBid: 0n });
    });

    it('refuses a status that it does not know', async () => {
        const provider = providerOf(() => [{ type: 'int', value: 5n }]);
        await expect(item.getState(provider)).rejects.toThrow(GramhouseError);
    });
});

describe('a send', () => {
    it('attaches the value and passes bounce on', async () => {
        const sent: SenderArguments[] = [];
        const via: Sender = { send: (args) => Promise.resolve(void sent.push(args)) };
        await item.sendBid(
            providerOf(() => []),
            via,
            { value: toNano(3), bounce: false },
        );
        expect(sent).toEqual([
            { to: item.address, value: toNano(3), bounce: false, sendMode: 1, body: UsernameItem.bidMessage() },
        ]);
    });
});
