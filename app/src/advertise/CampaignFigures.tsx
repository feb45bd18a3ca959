import { Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import type { CampaignState } from 'gramhouse';

import { useNow } from '../chain';
import { formatTime, formatTon } from '../format';
import { texts } from '../texts';
import { Amount } from '../ui/amount';
import type { OpenCampaign } from './campaigns';

const words = texts.advertise;
const DAY = 86_400n;

/** What a campaign has, has spent, and can be charged. */
export function CampaignFigures({ campaign: { state } }: { campaign: OpenCampaign }) {
    const now = useNow();
    const { budget, spent, chargeable, burst, rate } = state;
    const all = budget + spent;
    const share = all > 0n ? Number((spent * 1000n) / all) / 10 : 0;
    const figures = [
        [words.figures.budget, budget, words.figures.budgetHint],
        [words.figures.spent, spent, words.figures.spentHint],
        [words.figures.chargeable, chargeable, words.figures.bucket(formatTon(burst), formatTon(rate * DAY))],
    ] as const;
    return (
        <Stack gap="xs">
            <Text size="sm">{statusText(state, now)}</Text>
            <SimpleGrid cols={{ base: 1, xs: 3 }}>
                {figures.map(([label, amount, hint]) => (
                    <div key={label}>
                        <Text size="sm">{label}</Text>
                        <Amount value={amount} fw={700} />
                        <Text size="xs" c="dimmed">
                            {hint}
                        </Text>
                    </div>
                ))}
            </SimpleGrid>
            <Progress value={share} aria-label={words.spendable.spentShare(String(share))} />
            <Text size="sm">{spendableText(state, now)}</Text>
        </Stack>
    );
}

function statusText({ closingAt }: CampaignState, now: number): string {
    if (closingAt === 0) {
        return words.status.running;
    }
    return closingAt > now ? words.status.closing(formatTime(closingAt)) : words.status.closed(formatTime(closingAt));
}

/** When all of the budget can have been spent at the earliest. */
function spendableText({ budget, chargeable, level, burst, rate, closingAt }: CampaignState, now: number): string {
    const excess = level + budget - burst;
    if (budget === 0n) {
        return words.spendable.nothing;
    }
    if (closingAt > 0) {
        // A stopped campaign's limit does not renew itself
        return words.spendable.stopped(formatTon(closingAt > now ? budget - chargeable : budget));
    }
    if (excess <= 0n) {
        return words.spendable.now;
    }
    return rate === 0n
        ? words.spendable.never(formatTon(excess))
        : words.spendable.from(formatTime(now + Number((excess + rate - 1n) / rate)));
}
