import { useQuery } from '@tanstack/react-query';
import { Anchor, Stack } from '@mantine/core';
import { UsernameItem } from 'gramhouse';
import { Link } from 'wouter';

import { LIVE, readItems, useChain } from '../chain';
import { Loaded } from '../ui/states';

export function MarketPage() {
    const chain = useChain();
    const query = useQuery({
        queryKey: ['market'],
        queryFn: async () => {
            const items = await readItems(chain);
            return Promise.all(
                items.map(async (address) => {
                    const item = chain.client.open(UsernameItem.createFromAddress(address));
                    return { name: await item.getTokenName(), state: await item.getState() };
                }),
            );
        },
        refetchInterval: LIVE,
    });
    return (
        <Loaded query={query}>
            {(items) => (
                <Stack>
                    {items.map(({ name }) => (
                        <Anchor component={Link} key={name} href={`/name/${name}`}>
                            {name}
                        </Anchor>
                    ))}
                </Stack>
            )}
        </Loaded>
    );
}
