import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { describeError } from '../errors';
import { texts } from '../texts';

/** What a query gives, or that it loads, or why it failed. What has been read stays on the page while the node is down. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
    const { data, error, refetch } = query;
    if (data !== undefined) {
        return children(data);
    }
    if (error) {
        return (
            <Alert color="red" title={texts.notRead}>
                <Stack align="flex-start">
                    {describeError(error)}
                    <Button variant="default" onClick={() => void refetch()}>
                        {texts.tryAgain}
                    </Button>
                </Stack>
            </Alert>
        );
    }
    return (
        <Center py="xl">
            <Loader role="status" aria-label={texts.loading} />
        </Center>
    );
}

export const Empty = ({ children }: { children: ReactNode }) => (
    <Text c="dimmed" ta="center" py="xl">
        {children}
    </Text>
);
