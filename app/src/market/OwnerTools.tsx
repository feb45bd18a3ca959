import { Checkbox, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import type { Address } from '@ton/core';
import { AuctionLimits, minStartPrice, parseDnsRecords, recordKey } from 'gramhouse';
import { useState } from 'react';

import { useChain, useNow } from '../chain';
import { formatPeriod, formatTime, formatTon, parseTon } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import type { Item, MintedItem } from './data';
import { AddressField, parseAddress, parseWhole, TonField } from '../ui/fields';
import { cancelPlan, recordPlan, sellPlan, transferPlan } from './plans';

const words = texts.market;

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const DURATIONS = [HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];
const MAX_EXTENSION = AuctionLimits.MAX_EXTEND_SECONDS / MINUTE;

/** The terms of an auction, and its start. `owner` is paid. */
export function SellForm({ item, owner }: { item: Item; owner: Address }) {
    const { prices } = useChain();
    const now = useNow();
    const [start, setStart] = useState('');
    const [buyNow, setBuyNow] = useState('');
    const [step, setStep] = useState('5');
    const [extension, setExtension] = useState('5');
    const [duration, setDuration] = useState(7 * DAY);
    const [delayedStart, setDelayed] = useState(false);

    const least = minStartPrice(prices);
    const initialMinBid = parseTon(start);
    const maxBid = buyNow === '' ? 0n : parseTon(buyNow);
    const minBidStep = parseWhole(step, 1, 255);
    const minutes = parseWhole(extension, 0, MAX_EXTENSION);
    const isLow = initialMinBid !== null && initialMinBid < least;
    const isBuyNowLow = !!maxBid && initialMinBid !== null && maxBid < initialMinBid;
    const auctionConfig =
        initialMinBid === null || maxBid === null || minBidStep === null || minutes === null || isLow || isBuyNowLow
            ? null
            : {
                  beneficiary: owner,
                  initialMinBid,
                  maxBid,
                  minBidStep,
                  minExtendTime: minutes * MINUTE,
                  duration,
                  delayedStart,
              };
    const { startableAt } = item.state;
    return (
        <Stack component="section">
            <Title order={3}>{words.selling.title}</Title>
            <Text>{words.selling.text}</Text>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <TonField
                    label={words.selling.startPrice}
                    description={words.selling.startHint(formatTon(least))}
                    value={start}
                    onChange={setStart}
                    error={isLow ? words.selling.startHint(formatTon(least)) : null}
                />
                <TonField
                    label={words.selling.buyNow}
                    description={words.selling.buyNowHint}
                    value={buyNow}
                    onChange={setBuyNow}
                    error={isBuyNowLow ? words.selling.buyNowLow : null}
                />
                <TextInput
                    label={words.selling.step}
                    inputMode="numeric"
                    value={step}
                    onChange={({ currentTarget }) => setStep(currentTarget.value)}
                    error={minBidStep === null ? words.selling.stepRule : null}
                />
                <TextInput
                    label={words.selling.extension}
                    inputMode="numeric"
                    value={extension}
                    onChange={({ currentTarget }) => setExtension(currentTarget.value)}
                    error={minutes === null ? words.selling.extensionRule(MAX_EXTENSION) : null}
                />
                <NativeSelect
                    label={words.selling.duration}
                    value={String(duration)}
                    onChange={({ currentTarget }) => setDuration(Number(currentTarget.value))}
                    data={DURATIONS.map((seconds) => ({ value: String(seconds), label: formatPeriod(seconds) }))}
                />
                <Checkbox
                    mt={{ xs: 30 }}
                    label={words.selling.delayed}
                    checked={delayedStart}
                    onChange={({ currentTarget }) => setDelayed(currentTarget.checked)}
                />
            </SimpleGrid>
            {now < startableAt && <Text>{words.selling.soon(formatTime(startableAt))}</Text>}
            <Group>
                <ActionButton
                    label={words.selling.start}
                    id={`sell ${String(item.address)}`}
                    plan={auctionConfig && sellPlan(item, auctionConfig)}
                    disabled={now < startableAt}
                />
            </Group>
        </Stack>
    );
}

export const CancelForm = ({ item }: { item: Item }) => (
    <Group component="section">
        <ActionButton
            label={words.cancelling.cancel}
            id={`cancel ${String(item.address)}`}
            plan={cancelPlan(item)}
            variant="default"
        />
        <Text size="sm">{words.cancelling.text}</Text>
    </Group>
);

export function TransferForm({ item }: { item: Item }) {
    const { config } = useChain();
    const testOnly = config.network === '-3';
    const [text, setText] = useState('');
    const to = parseAddress(text, testOnly);
    return (
        <Stack component="section" align="flex-start">
            <Title order={3}>{words.giving.title}</Title>
            <Text>{words.giving.text}</Text>
            <AddressField w="100%" label={words.giving.to} value={text} onChange={setText} testOnly={testOnly} />
            <ActionButton
                label={words.giving.give}
                id={`transfer ${String(item.address)} ${String(to)}`}
                plan={to && transferPlan(item, to)}
                variant="default"
            />
        </Stack>
    );
}

/** The address that payments to the name go to; null without one. */
export function walletRecordOf({ records }: MintedItem['data']): Address | null {
    const entry = parseDnsRecords(records).find(({ key }) => key === recordKey('wallet'));
    return entry?.record?.type === 'dns_smc_address' ? entry.record.address : null;
}

/** What wallets find under the name. */
export function RecordForm({ item, owner }: { item: MintedItem; owner: Address }) {
    const { config } = useChain();
    const testOnly = config.network === '-3';
    const [text, setText] = useState('');
    const to = parseAddress(text, testOnly);
    const { name, domain } = item.data;
    const current = walletRecordOf(item.data);
    const id = `record ${String(item.address)}`;
    return (
        <Stack component="section" align="flex-start">
            <Title order={3}>{words.record.title}</Title>
            <Text>{words.record.text(`${name}.${domain}`)}</Text>
            <Group>
                {current?.equals(owner) !== true && (
                    <ActionButton label={words.record.mine} id={`${id} mine`} plan={recordPlan(item, owner)} />
                )}
                {current && (
                    <ActionButton
                        label={words.record.remove}
                        id={`${id} remove`}
                        plan={recordPlan(item, null)}
                        variant="default"
                    />
                )}
            </Group>
            <AddressField w="100%" label={words.record.other} value={text} onChange={setText} testOnly={testOnly} />
            <ActionButton
                label={words.record.set}
                id={`${id} ${String(to)}`}
                plan={to && recordPlan(item, to)}
                variant="default"
            />
        </Stack>
    );
}
