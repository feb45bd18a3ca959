import { Anchor, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { Address } from '@ton/core';
import { useState } from 'react';
import { Link } from 'wouter';

import { useNow } from '../chain';
import { parsePayeeId, useAmount, useField } from '../earnings/fields';
import { WithNetwork, type OpenNetwork } from '../earnings/network';
import { sponsorPlan } from '../earnings/plans';
import { formatTime } from '../format';
import { NotFound } from '../Shell';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { Empty, Loaded } from '../ui/states';
import { useWallet } from '../wallet';
import { CampaignFigures } from './CampaignFigures';
import { CampaignPage } from './CampaignPage';
import { useCampaigns, type OpenCampaign } from './campaigns';
import { createPlan } from './plans';

const words = texts.advertise;
const DAY = 86_400n;

/** @param campaign its address; null: all of the connected wallet's */
export function AdvertisePage({ campaign }: { campaign: string | null }) {
    const [address] = useState(() => parseAddress(campaign));
    if (campaign !== null) {
        return address ? <WithNetwork>{() => <CampaignPage address={address} />}</WithNetwork> : <NotFound />;
    }
    return (
        <WithNetwork>
            {(network) => (
                <Stack>
                    <Title order={2}>{words.title}</Title>
                    <Text>{words.intro}</Text>
                    <Campaigns network={network} />
                    <SponsorAny network={network} />
                </Stack>
            )}
        </WithNetwork>
    );
}

function parseAddress(text: string | null): Address | null {
    try {
        return Address.parse(text ?? '');
    } catch {
        return null;
    }
}

function Campaigns({ network }: { network: OpenNetwork }) {
    const wallet = useWallet();
    const query = useCampaigns(wallet?.address ?? null);
    if (!wallet) {
        return <Empty>{words.connect}</Empty>;
    }
    return (
        <Loaded query={query}>
            {(campaigns) => (
                <>
                    <Stack component="section" gap="xs">
                        <Title order={3} size="h4">
                            {words.mine}
                        </Title>
                        {campaigns.length === 0 && <Empty>{words.none}</Empty>}
                        {campaigns.map((campaign) => (
                            <Card withBorder key={campaign.address.toString()}>
                                <Anchor component={Link} href={`/advertise/${campaign.address.toString()}`} mb="xs">
                                    {words.campaign(campaign.state.campaignId)}
                                </Anchor>
                                <CampaignFigures campaign={campaign} />
                            </Card>
                        ))}
                    </Stack>
                    <Create network={network} advertiser={wallet.address} campaigns={campaigns} />
                </>
            )}
        </Loaded>
    );
}

function Create({
    network,
    advertiser,
    campaigns,
}: {
    network: OpenNetwork;
    advertiser: Address;
    campaigns: OpenCampaign[];
}) {
    const now = useNow();
    const budget = useAmount();
    const daily = useAmount();
    const nextId = 1n + campaigns.reduce((most, { state }) => (state.campaignId > most ? state.campaignId : most), 0n);
    const rate = (daily.value ?? 0n) / DAY;
    const isTooLow = daily.value !== null && rate === 0n;
    const isReady = daily.value !== null && !isTooLow;
    const terms = { network: network.address, advertiser, burst: daily.value ?? 0n, rate };
    const excess = (budget.value ?? 0n) - terms.burst;
    return (
        <Stack component="section" gap="xs">
            <Title order={3} size="h4">
                {words.create.title}
            </Title>
            <Group align="flex-start">
                <TextInput {...budget.input} label={words.create.budget} />
                <TextInput
                    {...daily.input}
                    error={isTooLow ? words.create.dailyWrong : daily.input.error}
                    label={words.create.daily}
                />
            </Group>
            <Text size="sm">{words.create.dailyHint}</Text>
            {isReady && excess > 0n && (
                <Text size="sm">{words.create.full(formatTime(now + Number(excess / rate)))}</Text>
            )}
            <ActionButton
                label={words.create.button}
                id={`create ${budget.value} ${daily.value}`}
                style={{ alignSelf: 'flex-start' }}
                plan={isReady && budget.value !== null ? createPlan(terms, nextId, budget.value) : null}
            />
        </Stack>
    );
}

function SponsorAny({ network }: { network: OpenNetwork }) {
    const payee = useField(parsePayeeId);
    const amount = useAmount();
    const { value: payeeId } = payee;
    return (
        <Stack component="section" gap="xs">
            <Title order={3} size="h4">
                {words.sponsor.title}
            </Title>
            <Text>{words.sponsor.hint}</Text>
            <Group align="flex-start">
                <TextInput {...payee.input} inputMode="numeric" label={texts.earnings.find.label} />
                <TextInput {...amount.input} label={texts.earnings.settings.amount} />
            </Group>
            <ActionButton
                label={texts.earnings.sponsor.button}
                id={`sponsor ${payeeId} ${amount.value}`}
                style={{ alignSelf: 'flex-start' }}
                plan={payeeId === null || amount.value === null ? null : sponsorPlan(network, payeeId, amount.value)}
            />
        </Stack>
    );
}
