import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Component, type ReactNode } from 'react';

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

/** In the place of a page that failed to be drawn: the others still work. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
    override state = { error: null };

    static getDerivedStateFromError(this: void, error: unknown) {
        return { error };
    }

    override render(): ReactNode {
        const { error } = this.state;
        return error === null ? (
            this.props.children
        ) : (
            <Alert color="red" title={texts.notShown}>
                {texts.notShownHint}
            </Alert>
        );
    }
}

export const Empty = ({ children }: { children: ReactNode }) => (
    <Text c="dimmed" ta="center" py="xl">
        {children}
    </Text>
);
