import type { Address } from '@ton/core';
import { beginCell, Cell, toNano, type Transaction } from '@ton/core';

import { MAINNET_PRICES, UsernameCollection, UsernameItem, UsernameOp } from '../../wrappers';
import { UsernameGas } from '../../wrappers/usernames/gas';
import { exitCode, gasUsed, opOf, sent, transactionOn, World } from '../helpers/world';

/** The constant covers the worst case, and by no more than a tenth. */
function expectTight(constant: keyof typeof UsernameGas, worst: number): void {
    const value = UsernameGas[constant];
    expect({ constant, value, worst, covers: value >= worst, isTight: value <= worst * 1.1 }).toEqual({
        constant,
        value,
        worst,
        covers: true,
        isTight: true,
    });
}

const COMMENT = beginCell().storeUint(UsernameOp.comment, 32).storeStringTail('mine').endCell();
const ENCRYPTED = beginCell().storeUint(UsernameOp.encrypted_comment, 32).storeStringTail('mine').endCell();
const LONGEST_NAME = 'a123456789_123456789_123456789_1';
/** 12 full cells, one below the other. */
const BIG_CONTENT = Array.from({ length: 12 }).reduce<Cell | null>((below, _, level) => {
    const cell = beginCell().storeBuffer(Buffer.alloc(127, level));
    return (below ? cell.storeRef(below) : cell).endCell();
}, null) as Cell;

function measure(root: Cell): { cells: number; bits: number } {
    const seen = new Map<string, number>();
    const visit = (cell: Cell): void => {
        seen.set(cell.hash().toString('hex'), cell.bits.length);
        cell.refs.forEach(visit);
    };
    visit(root);
    return { cells: seen.size, bits: [...seen.values()].reduce((sum, bits) => sum + bits, 0) };
}

/** Gas units that a fee pays for, at today's prices. */
function gasOf(fee: bigint): number {
    const { flatGasLimit, flatGasPrice, gasPrice } = MAINNET_PRICES.gas;
    return Number(((fee - flatGasPrice) * 65536n) / gasPrice + flatGasLimit);
}

describe('the gas constants', () => {
    let world: World;
    beforeEach(async () => {
        world = await World.create();
    });

    /** Every way to bid, each with both bounce flags. */
    async function bids(name: string, value: bigint, config: { maxBid?: bigint; delayedStart?: boolean }) {
        const { alice, bob } = world.people;
        const used: number[] = [];
        for (const bounce of [true, false]) {
            for (const [way, body] of [Cell.EMPTY, COMMENT, ENCRYPTED, null].entries()) {
                const { item } = await world.mint(`${name}${way}${bounce}`, { bidder: alice, config });
                const { startedAt } = await item.getState();
                const explicit = UsernameItem.placeBidMessage({
                    startedAt,
                    owner: world.people.carol.address,
                    refundTo: bob.address,
                });
                const result = await world.send(bob, item.address, value, body ?? explicit, { bounce });
                const tx = transactionOn(result, item.address);
                expect(sent(tx).map(({ op }) => op)).toContain(UsernameOp.outbid);
                used.push(gasUsed(tx));
            }
        }
        return used;
    }

    it('OUTBID_GAS: a bid that refunds the one before', async () => {
        expectTight('OUTBID_GAS', Math.max(...(await bids('name', toNano('20'), {}))));
    });

    it('BUY_NOW_GAS: a bid of the maximum, with refund, royalty, payout and change', async () => {
        const used = await bids('name', toNano('60'), { maxBid: toNano('50') });
        const { result, item } = await world.mint('sold', { value: toNano('60'), config: { maxBid: toNano('50') } });
        used.push(gasUsed(transactionOn(result, item.address)));
        const owned = await world.owned('owned', world.people.alice);
        const config = world.config({ beneficiary: world.people.alice.address, maxBid: toNano('50') });
        await world.send(
            world.people.alice,
            owned.address,
            toNano('1'),
            UsernameItem.startAuctionMessage({ auctionConfig: config }),
        );
        await world.send(world.people.bob, owned.address, toNano('2'));
        const bought = await world.send(world.people.carol, owned.address, toNano('60'), COMMENT, { bounce: false });
        used.push(gasUsed(transactionOn(bought, owned.address)));
        expectTight('BUY_NOW_GAS', Math.max(...used));
    });

    it('SETTLE_GAS: an external that pays royalty and seller', async () => {
        const item = await world.owned('name', world.people.alice);
        const auctionConfig = world.config({ beneficiary: world.people.alice.address });
        await world.send(
            world.people.alice,
            item.address,
            toNano('1'),
            UsernameItem.startAuctionMessage({ auctionConfig }),
        );
        await world.send(world.people.bob, item.address, toNano('2'));
        world.now += 3600;
        const result = await world.settleExternally(item.address);
        expectTight('SETTLE_GAS', gasUsed(transactionOn(result, item.address)));
    });

    it('MINT_GAS: both contracts, signed and open', async () => {
        const { admin, alice, author } = world.people;
        const openTerms = {
            beneficiary: admin.address,
            minBidStep: 5,
            minExtendTime: 300,
            duration: 3600,
            delayedStart: false,
            prices: { 4: toNano('1'), 5: toNano('1'), 8: toNano('1'), 16: toNano('1') },
            contentPrefix: 'https://names.example/',
        };
        await world.send(
            admin,
            world.collection.address,
            toNano('1'),
            UsernameCollection.setTermsMessage({ openTerms }),
        );
        const used: number[] = [];
        for (const bounce of [true, false]) {
            const royalty = { numerator: 1, denominator: 4, destination: author.address };
            const restrictions = { forceSender: alice.address, rewriteSender: author.address };
            const name = bounce ? LONGEST_NAME : LONGEST_NAME.replace('a', 'b');
            const signed = await world.mint(`${name.slice(0, -1)}2`, {
                bounce,
                royalty,
                restrictions,
                content: BIG_CONTENT,
            });
            const open = await world.send(
                alice,
                world.collection.address,
                toNano('10'),
                UsernameCollection.openMintMessage({ name }),
                { bounce },
            );
            for (const [result, item] of [
                [signed.result, signed.item],
                [open, world.item(name)],
            ] as const) {
                expect((await item.getState()).status).toBe('auction');
                used.push(
                    gasUsed(transactionOn(result, world.collection.address)) +
                        gasUsed(transactionOn(result, item.address)),
                );
            }
        }
        expectTight('MINT_GAS', Math.max(...used));
    });

    it('TRANSFER_REST_GAS: what a transfer charges above what it used', async () => {
        const { alice, bob, carol } = world.people;
        const slack: number[] = [];
        for (const forwardAmount of [0n, toNano('0.1')]) {
            const item = await world.owned(`name${forwardAmount}`, alice);
            const value = toNano('1');
            const body = UsernameItem.transferMessage({
                newOwner: bob.address,
                responseDestination: carol.address,
                forwardAmount,
            });
            const tx = transactionOn(await world.send(alice, item.address, value, body), item.address);
            const excess = sent(tx).find(({ op }) => op === UsernameOp.excesses);
            const messages = BigInt(tx.outMessagesCount) * MAINNET_PRICES.message.lumpPrice;
            slack.push(gasOf(value - forwardAmount - messages - (excess?.value ?? 0n)) - gasUsed(tx));
        }
        expectTight('TRANSFER_REST_GAS', UsernameGas.TRANSFER_REST_GAS - Math.min(...slack));
    });

    it('FILL_RESERVE_REST_GAS: what the least value that fills the reserve leaves over', async () => {
        const { alice } = world.people;
        const item = await world.owned('name', alice);
        world.now += 31_536_000;
        const body = UsernameItem.startAuctionMessage({
            auctionConfig: world.config({ beneficiary: alice.address }),
        });
        const snapshot = world.chain.snapshot();
        let [refused, taken] = [0n, toNano('1')];
        let tx: Transaction | undefined;
        while (taken - refused > 1n) {
            const value = (taken + refused) / 2n;
            await world.chain.loadFrom(snapshot);
            await world.remember(alice.address);
            await world.remember(item.address);
            const last = transactionOn(await world.send(alice, item.address, value, body), item.address);
            // Taken by the contract: that the network then cannot send the answer must fail the test
            if (exitCode(last) === 0) {
                [taken, tx] = [value, last];
            } else {
                refused = value;
            }
        }
        const answer = tx && sent(tx)[0];
        expect(answer?.op).toBe(UsernameOp.ok);
        const slack = gasOf((answer?.value ?? 0n) + MAINNET_PRICES.gas.flatGasPrice) - 100;
        expectTight('FILL_RESERVE_REST_GAS', UsernameGas.FILL_RESERVE_REST_GAS - slack);
    });

    it('DEPLOY_CELLS and DEPLOY_BITS: the deploy message below its root, with the biggest content', async () => {
        const { result, item } = await world.mint(LONGEST_NAME, { content: BIG_CONTENT });
        const message = transactionOn(result, item.address).inMessage;
        expect(opOf(message ?? undefined)).toBe(UsernameOp.item_deploy);
        const below = [message?.init?.code, message?.init?.data, message?.body.refs[0]].map((cell) =>
            measure(cell ?? Cell.EMPTY),
        );
        expectTight(
            'DEPLOY_CELLS',
            below.reduce((sum, { cells }) => sum + cells, 0),
        );
        expectTight(
            'DEPLOY_BITS',
            below.reduce((sum, { bits }) => sum + bits, 0),
        );
    });

    it('ITEM_CELLS and ITEM_BITS: what the network charges rent for, with the biggest content', async () => {
        const { item } = await world.mint(LONGEST_NAME, { content: BIG_CONTENT });
        const used = await storedSize(world, item.address);
        expectTight('ITEM_CELLS', used.cells);
        expectTight('ITEM_BITS', used.bits);
    });

    async function storedSize(on: World, address: Address): Promise<{ cells: number; bits: number }> {
        const account = (await on.chain.getContract(address)).account.account;
        return { cells: Number(account?.storageStats.used.cells), bits: Number(account?.storageStats.used.bits) };
    }
});
