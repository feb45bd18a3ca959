import { Badge, Group, Table, Text } from '@mantine/core';
import type { Address } from '@ton/core';
import type { EventPlace } from 'gramhouse';
import type { ReactNode } from 'react';

import { useChain, useNow } from '../chain';
import { formatDuration, formatTime, shortAddress } from '../format';
import { texts } from '../texts';
import { AddressText, TransactionLink } from '../ui/links';
import { useWallet } from '../wallet';
import type { Stage } from './data';

const COLORS: Record<Stage, string> = { free: 'teal', open: 'blue', auction: 'grape', ended: 'orange', idle: 'gray' };

export const StageBadge = ({ stage }: { stage: Stage }) => (
    <Badge variant="light" color={COLORS[stage]} c="inherit" miw="max-content">
        {texts.market.stages[stage]}
    </Badge>
);

/** What is left of a time in unix seconds. It has no live region: it changes each second. */
export const Countdown = ({ until }: { until: number }) => (
    <Text span className="numeric">
        {formatDuration(Math.max(until - useNow(), 0))}
    </Text>
);

/** An address, and whether it is the connected wallet's; null: nobody's. */
export function Who({ address }: { address: Address | null }) {
    const wallet = useWallet();
    if (!address) {
        return texts.market.nobody;
    }
    return (
        <Group component="span" gap={6} display="inline-flex">
            {wallet?.address.equals(address) === true && <b>{texts.market.you}</b>}
            <AddressText address={address} />
        </Group>
    );
}

/** How an address is called within a sentence. */
export function useNameOf(): (address: Address) => string {
    const { config } = useChain();
    const wallet = useWallet();
    return (address) =>
        wallet?.address.equals(address) === true ? texts.market.you : shortAddress(address, config.network === '-3');
}

/** When something happened, and its transaction. */
export const Place = ({ place: { time, hash } }: { place: Pick<EventPlace, 'time' | 'hash'> }) => (
    <div>
        <Text span size="sm" c="dimmed">
            {formatTime(time)}
        </Text>{' '}
        <TransactionLink hash={hash} />
    </div>
);

/** Labels and what belongs to them; without what is null. */
export const Facts = ({ rows }: { rows: [label: string, value: ReactNode][] }) => (
    <Table variant="vertical" layout="auto">
        <Table.Tbody>
            {rows
                .filter(([, value]) => value !== null)
                .map(([label, value]) => (
                    <Table.Tr key={label}>
                        <Table.Th w="40%">{label}</Table.Th>
                        <Table.Td className="break">{value}</Table.Td>
                    </Table.Tr>
                ))}
        </Table.Tbody>
    </Table>
);
