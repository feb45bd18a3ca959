import { Alert, Group, Stack, Text, Title } from '@mantine/core';
import { canonicalName, GramhouseError, isCanonicalName, type ItemEvent } from 'gramhouse';
import { Redirect } from 'wouter';

import { useNow } from '../chain';
import { formatTime, formatTon } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { Amount } from '../ui/amount';
import { AddressText, TransactionLink } from '../ui/links';
import { Loaded } from '../ui/states';
import { useWallet } from '../wallet';
import { BidForm, MintForm } from './BidForm';
import { bidsOf } from './bids';
import { stageOf, useCollection, useEvents, useName, type Item, type MintedItem, type Stage } from './data';
import { namePath } from './MarketPage';
import { CancelForm, RecordForm, SellForm, TransferForm, walletRecordOf } from './OwnerTools';
import { Countdown, Facts, StageBadge, Who } from './parts';
import { endText, extensionRule, settlePlan } from './plans';
import { PriceHistory } from './PriceHistory';

const words = texts.market;

/** All that can be done with one name. `name` is as it is written: a name that exists need not be canonical. */
export function NamePage({ name }: { name: string }) {
    const query = useName(name);
    return (
        <Stack gap="xl">
            <Loaded query={query}>
                {(item) =>
                    item.data ? (
                        <MintedName item={{ ...item, data: item.data }} />
                    ) : isCanonicalName(name) ? (
                        <FreeName item={item} name={name} />
                    ) : (
                        <OtherSpelling name={name} />
                    )
                }
            </Loaded>
        </Stack>
    );
}

function NameTitle({ name, domain, stage }: { name: string; domain: string; stage: Stage }) {
    return (
        <div>
            <Group justify="space-between" wrap="nowrap">
                <Title order={2} className="break">
                    @{name}
                </Title>
                <StageBadge stage={stage} />
            </Group>
            {domain !== '' && <Text c="dimmed" className="break">{`${name}.${domain}`}</Text>}
        </div>
    );
}

function FreeName({ item, name }: { item: Item; name: string }) {
    const { data: collection } = useCollection();
    return (
        <>
            <NameTitle name={name} domain={collection?.domain ?? ''} stage="free" />
            <MintForm item={item} name={name} />
        </>
    );
}

/** `@Alice` leads to `alice`; what is no name says why. */
function OtherSpelling({ name }: { name: string }) {
    try {
        return <Redirect to={namePath(canonicalName(name))} replace />;
    } catch (error) {
        return (
            <Alert color="yellow" title={words.notAName}>
                {error instanceof GramhouseError && (error.hint ?? error.message)}
            </Alert>
        );
    }
}

function MintedName({ item }: { item: MintedItem }) {
    const { data, state } = item;
    const stage = stageOf(state, useNow());
    const wallet = useWallet();
    const owner = wallet && state.owner?.equals(wallet.address) === true ? wallet.address : null;
    return (
        <>
            <NameTitle name={data.name} domain={data.domain} stage={stage} />
            <OwnBid item={item} stage={stage} />
            {(stage === 'auction' || stage === 'open') && (
                <>
                    <AuctionFacts item={item} stage={stage} />
                    <BidForm item={item} />
                </>
            )}
            {stage === 'ended' && <Settlement item={item} />}
            {stage === 'idle' && !owner && <Text>{words.idle}</Text>}
            {owner && stage === 'open' && <CancelForm item={item} />}
            {owner && stage === 'idle' && <SellForm item={item} owner={owner} />}
            {owner && (stage === 'idle' || stage === 'open') && <RecordForm item={item} owner={owner} />}
            {owner && stage === 'idle' && <TransferForm item={item} />}
            <About item={item} stage={stage} />
            <PriceHistory item={item} />
        </>
    );
}

/** What became of the connected wallet's last bid in this auction. */
function OwnBid({ item, stage }: { item: Item; stage: Stage }) {
    const wallet = useWallet();
    const { data: events } = useEvents(item.address);
    const last = wallet && events && bidsOf(thisAuction(events), wallet.address).at(-1);
    const { bidder, bid } = item.state;
    // State and events come from two APIs, of which one may be behind
    const isLeading = wallet !== null && bidder?.equals(wallet.address) === true && bid === last?.amount;
    if (!last || last.fate === 'won' || (last.fate === 'leading' && !isLeading)) {
        return null;
    }
    if (stage === 'idle' || stage === 'open') {
        return null;
    }
    const amount = formatTon(last.amount);
    if (last.fate === 'leading') {
        return (
            <Alert color="green" title={stage === 'ended' ? words.own.win : words.yours.leading(amount)}>
                {stage === 'ended' ? null : words.yours.leadingHint}
            </Alert>
        );
    }
    const title = last.fate === 'outbid' ? words.yours.outbid(amount) : words.yours.returned;
    return (
        <Alert color="yellow" title={title} role="status">
            <Group gap="xs">
                {last.back?.text ?? (stage === 'ended' ? null : words.yours.outbidHint)}
                {last.back && <TransactionLink hash={last.back.place.hash} />}
            </Group>
        </Alert>
    );
}

const isStart = ({ type }: ItemEvent): boolean => type === 'minted' || type === 'auction_started';
const thisAuction = (events: ItemEvent[]): ItemEvent[] =>
    events.slice(Math.max(0, events.map(isStart).lastIndexOf(true)));

function AuctionFacts({ item: { state, data }, stage }: { item: MintedItem; stage: Stage }) {
    if (!('auctionConfig' in data)) {
        return null;
    }
    const { bid, bidder, owner, minBid, maxBid, endTime } = state;
    const isFixed = minBid === maxBid;
    return (
        <Stack gap="xs">
            <Facts
                rows={[
                    [words.currentBid, stage === 'auction' ? <Amount value={bid} fw={700} /> : null],
                    [words.leader, stage === 'auction' ? <Who address={bidder} /> : null],
                    [words.startPrice, stage === 'open' && !isFixed ? <Amount value={minBid} fw={700} /> : null],
                    [words.nextBid, stage === 'auction' ? <Amount value={minBid} /> : null],
                    [words.buyNow, maxBid > 0n ? <Amount value={maxBid} fw={700} /> : null],
                    [words.seller, owner ? <Who address={owner} /> : null],
                    [words.timeLeft, endTime > 0 ? <Countdown until={endTime} /> : null],
                    [words.ends, endText(endTime, data.auctionConfig.duration)],
                ]}
            />
            {!isFixed && <Text size="sm">{extensionRule(data)}</Text>}
        </Stack>
    );
}

const Settlement = ({ item }: { item: MintedItem }) => (
    <Stack component="section" align="flex-start">
        <Title order={3}>{words.settling.title}</Title>
        <Facts
            rows={[
                [words.settling.winner, <Who key="winner" address={item.state.bidder} />],
                [words.settling.price, <Amount key="price" value={item.state.bid} fw={700} />],
                [words.endedAt, formatTime(item.state.endTime)],
            ]}
        />
        <Text>{words.settling.text}</Text>
        <ActionButton label={words.settling.settle} id={`settle ${String(item.address)}`} plan={settlePlan(item)} />
    </Stack>
);

/** While an auction has a bid, its records are those of the last owner, and what it holds is not yet for its rent. */
function About({ item: { address, state, data }, stage }: { item: MintedItem; stage: Stage }) {
    const { owner, royalty, paidUntil } = state;
    const isKept = stage === 'idle' || stage === 'open';
    const record = isKept ? walletRecordOf(data) : null;
    return (
        <Stack component="section">
            <Title order={3}>{words.about}</Title>
            <Facts
                rows={[
                    [words.owner, <Who key="owner" address={owner} />],
                    [
                        words.walletRecord,
                        isKept ? record ? <AddressText address={record} /> : words.noWalletRecord : null,
                    ],
                    [words.royalty, royalty ? words.percent(royalty.numerator, royalty.denominator) : null],
                    [words.paidUntil, isKept ? formatTime(paidUntil) : null],
                    [words.contract, <AddressText key="contract" address={address} />],
                ]}
            />
        </Stack>
    );
}
