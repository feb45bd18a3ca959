import { Anchor, Button, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { adNetworkEvents } from 'gramhouse';
import { Link, useLocation } from 'wouter';

import { texts } from '../texts';
import { useWallet } from '../wallet';
import { ChannelPage } from './ChannelPage';
import { parsePayeeId, useField } from './fields';
import { RECENT, useHistory, WithNetwork, type OpenNetwork } from './network';

const words = texts.earnings;

/** @param payeeId of the channel; null: which one is to be chosen */
export function EarningsPage({ payeeId }: { payeeId: string | null }) {
    const id = payeeId === null ? null : parsePayeeId(payeeId);
    return (
        <WithNetwork>
            {(network) =>
                typeof id === 'bigint' ? <ChannelPage network={network} payeeId={id} /> : <Find network={network} />
            }
        </WithNetwork>
    );
}

function Find({ network }: { network: OpenNetwork }) {
    const [, navigate] = useLocation();
    const { value, input } = useField(parsePayeeId);
    return (
        <Stack>
            <Title order={2}>{words.title}</Title>
            <Text>{words.find.intro}</Text>
            <form
                onSubmit={(event) => {
                    event.preventDefault();
                    if (value !== null) {
                        navigate(`/earnings/${value}`);
                    }
                }}
            >
                <Group align="flex-end">
                    <TextInput
                        {...input}
                        label={words.find.label}
                        description={words.find.description}
                        inputMode="numeric"
                        flex={1}
                        maw={360}
                    />
                    <Button type="submit" disabled={value === null}>
                        {words.find.show}
                    </Button>
                </Group>
            </form>
            <Known network={network} />
        </Stack>
    );
}

/** The channels that were looked at on this device. */
export const useSeenChannels = () => useLocalStorage<string[]>({ key: 'gramhouse-channels', defaultValue: [] });

function Known({ network }: { network: OpenNetwork }) {
    const wallet = useWallet();
    const [seen] = useSeenChannels();
    const { data = [] } = useHistory(network.address, '', RECENT);
    const events = data.flatMap(adNetworkEvents);
    const mine = new Set<string>();
    const ids = new Set(seen);
    for (const event of events) {
        if (event.type === 'registration_sent' || event.type === 'paid_out') {
            ids.add(event.payeeId.toString());
        }
        if (event.type === 'registration_sent' && wallet?.address.equals(event.owner) === true) {
            mine.add(event.payeeId.toString());
        }
    }
    const sorted = [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    return (
        sorted.length > 0 && (
            <section>
                <Title order={3} size="h4" mb="xs">
                    {words.find.known}
                </Title>
                <List>
                    {sorted.map((id) => (
                        <List.Item key={id}>
                            <Anchor component={Link} href={`/earnings/${id}`}>
                                {words.channel(BigInt(id))}
                            </Anchor>
                            {mine.has(id) && ` (${words.find.yours})`}
                        </List.Item>
                    ))}
                </List>
            </section>
        )
    );
}
