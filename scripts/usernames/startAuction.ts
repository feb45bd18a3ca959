import { script } from '../../cli/session';
import {
    AUCTION_KEYS,
    describeItem,
    describeTerms,
    newQueryId,
    openCollection,
    openItem,
    readAuctionConfig,
    requireMinted,
} from '../../cli/usernames';
import { chainTime } from '../../cli/chain';
import { coins, date, Refusal } from '../../cli/words';
import { checkAuctionConfig, quoteSale, quoteStartAuction, UsernameItem } from '../../wrappers/usernames';

const DEFAULTS = { minBidStep: 5, minExtendTime: 3600, duration: 7 * 86400 };

/** Puts your name up for auction. */
export const run = script({ keys: ['name', 'item', ...AUCTION_KEYS], flags: ['delayed'] }, async (session) => {
    const item = await openItem(session, await openCollection(session));
    requireMinted(item);
    session.print(...describeItem(session, item), '');

    const { label, address, contract, word, state, balance } = item;
    if (state.status === 'ended') {
        session.next('settle', [word], 'settle it.');
        throw new Refusal(`The last auction of ${label} is over and waits to be settled.`);
    }
    if (state.status !== 'idle') {
        throw new Refusal(`${label} is in an auction already.`);
    }
    session.requireIsMe(state.owner, `The owner of ${label}`);
    if ((await chainTime(session.provider)) < state.startableAt) {
        throw new Refusal(`After a cancel an auction of ${label} can start from ${date(state.startableAt)} on: wait.`);
    }
    const auctionConfig = await readAuctionConfig(session, { ...DEFAULTS, beneficiary: session.wallet ?? state.owner });
    const { prices } = await session.config();
    checkAuctionConfig(auctionConfig, prices);
    session.print(describeTerms(session, auctionConfig));
    if (state.royalty) {
        const { initialMinBid: bid, duration } = auctionConfig;
        const { payout } = quoteSale({ bid, royalty: state.royalty, balance, duration }, prices);
        session.print(`A sale at the start price brings the beneficiary at least ${coins(payout)}.`);
    }
    await session.carryOut({
        to: address,
        value: quoteStartAuction({ reserve: state.reserve, balance }, prices),
        body: UsernameItem.startAuctionMessage({ queryId: newQueryId(), auctionConfig }),
        cost: 'It pays the gas and what the name lacks in its reserve; the rest comes back.',
    });
    const { status, endTime } = await session.readUntil(
        () => contract.getState(),
        (now) => now.status !== 'idle',
    );
    const end = endTime > 0 ? `It ends ${date(endTime)}.` : 'The first bid starts its clock.';
    session.print(status === 'idle' ? `${label} was sold at once.` : `Started: ${label} is for auction. ${end}`);
    session.next('show', [word], 'look at it; cancelAuction stops it while nobody has bid.');
});
