import { Anchor, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { Address } from '@ton/core';
import { useState } from 'react';
import { Link } from 'wouter';

import { useNow } from '../chain';
import { parsePayeeId, useField } from '../earnings/fields';
import { WithNetwork, type OpenNetwork } from '../earnings/network';
import { Sponsor } from '../earnings/Sponsor';
import { formatTime, parseTon } from '../format';
import { NotFound } from '../Shell';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { TonField } from '../ui/fields';
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
    const [budgetText, setBudget] = useState('');
    const [dailyText, setDaily] = useState('');
    const [budget, daily] = [parseTon(budgetText), parseTon(dailyText)];
    const nextId = 1n + campaigns.reduce((most, { state }) => (state.campaignId > most ? state.campaignId : most), 0n);
    const terms = { network: network.address, advertiser, burst: daily ?? 0n, rate: (daily ?? 0n) / DAY };
    const isTooLow = daily !== null && terms.rate === 0n;
    const isReady = budget !== null && daily !== null && !isTooLow;
    return (
        <Stack component="section" gap="xs" align="flex-start">
            <Title order={3} size="h4">
                {words.create.title}
            </Title>
            <Group align="flex-start">
                <TonField value={budgetText} onChange={setBudget} label={words.create.budget} />
                <TonField
                    value={dailyText}
                    onChange={setDaily}
                    label={words.create.daily}
                    error={isTooLow ? words.create.dailyWrong : null}
                />
            </Group>
            <Text size="sm">{words.create.dailyHint}</Text>
            {isReady && budget > daily && (
                <Text size="sm">{words.create.full(formatTime(now + Number((budget - daily) / terms.rate)))}</Text>
            )}
            <ActionButton
                label={words.create.button}
                id={`create ${budget} ${daily}`}
                plan={isReady ? createPlan(terms, nextId, budget) : null}
            />
        </Stack>
    );
}

function SponsorAny({ network }: { network: OpenNetwork }) {
    const { value, input } = useField(parsePayeeId);
    return (
        <Sponsor network={network} payeeId={value} title={words.sponsor}>
            <TextInput {...input} inputMode="numeric" label={texts.earnings.find.label} />
        </Sponsor>
    );
}
