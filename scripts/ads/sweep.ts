import type { Session } from '../../cli/session';
import type { OpenNetwork } from '../../cli/ads';
import { adsScript, describeChannel, describeNetwork, openChannel, openNetwork } from '../../cli/ads';
import { failureOf, sentMessages } from '../../cli/chain';
import { newQueryId } from '../../cli/usernames';
import { coins, Refusal } from '../../cli/words';
import { AdNetwork, ChannelAccount, quoteAccountSweep, quoteTreasurySweep } from '../../wrappers/ads';

/** Sends the treasury the platform's share of the network, or with payee= the network that of a channel. Anyone may. */
export const run = adsScript({ keys: ['payee'] }, async (session) => {
    const network = await openNetwork(session);
    if (session.words.get('payee') === undefined) {
        await sweepNetwork(session, network);
    } else {
        await sweepChannel(session, network);
    }
});

/** What is not more than a sweep costs stays: it is what fees have left over. */
function refuseDust(amount: bigint, cost: bigint): void {
    if (amount <= cost) {
        throw new Refusal(
            `There is nothing to sweep: beside what is the owners', and the rent, it holds ${coins(amount)}, and that costs up to ${coins(cost)}.`,
        );
    }
}

async function sweepNetwork(session: Session, network: OpenNetwork): Promise<void> {
    session.print(...(await describeNetwork(session, network)), '');
    const { address, state, powers } = network;
    const treasury = session.person(powers.treasury.holder);
    const { prices } = await session.config();
    const value = quoteTreasurySweep(prices);
    refuseDust(state.surplus, value);
    session.print(`The treasury ${treasury} gets ${coins(state.surplus)}.`);
    const transaction = await session.carryOut({
        to: address,
        value,
        body: AdNetwork.sweepMessage({ queryId: newQueryId() }),
        cost: 'It pays the gas.',
    });
    const paid = sentMessages(transaction).reduce((sum, { info }) => sum + info.value.coins, 0n);
    session.print(`Swept: ${coins(paid)} went to the treasury ${treasury}.`);
    session.next('ads/showNetwork', [], 'look at it.');
}

async function sweepChannel(session: Session, network: OpenNetwork): Promise<void> {
    const channel = await openChannel(session, network);
    session.print(...describeChannel(session, channel), '');
    const { address, state, funds, word } = channel;
    const amount = state ? funds.balance - state.ownerDue - state.reserve : 0n;
    const { prices } = await session.config();
    const value = quoteAccountSweep(prices);
    refuseDust(amount, value);
    session.print(`The network gets about ${coins(amount)}.`);
    const transaction = await session.carryOut({
        to: address,
        value,
        body: ChannelAccount.sweepMessage({ queryId: newQueryId() }),
        cost: 'It pays the gas; the rest comes back.',
    });
    const share = await session.follow(transaction, network.address);
    const failure = share ? failureOf(share) : 'no message to it';
    if (failure !== null) {
        throw new Refusal(`The network refused it with ${failure}: the account has it again, less its way.`);
    }
    const { platformDue } = await network.contract.getState();
    session.print(`Swept from ${word}: the platform is due ${coins(platformDue)} at the network.`);
    session.next('ads/sweep', [], 'pay it to the treasury.');
}
