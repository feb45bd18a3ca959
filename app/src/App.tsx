import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { THEME, TonConnectUIProvider, useTonConnectUI } from '@tonconnect/ui-react';
import { useEffect, useState } from 'react';
import { Router, Route, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';

import { AdvertisePage } from './advertise/AdvertisePage';
import { ChainProvider, LIVE, openChain } from './chain';
import { loadConfig } from './config';
import { EarningsPage } from './earnings/EarningsPage';
import { MarketPage } from './market/MarketPage';
import { NamePage } from './market/NamePage';
import { OwnPage } from './market/OwnPage';
import { NotFound, SetUpError, Shell } from './Shell';
import type { Telegram } from './telegram';
import { theme, variablesOf } from './theme';
import { Actions } from './ui/action';
import { Boundary, Loaded } from './ui/states';

const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 2000, retry: 2 } } });

/** The page in Telegram's colours, or in the system's light or dark ones. */
export function App({ telegram }: { telegram: Telegram | null }) {
    const [look, setLook] = useState(telegram?.theme ?? null);
    useEffect(() => telegram?.onTheme(setLook), [telegram]);
    return (
        <MantineProvider
            theme={theme}
            cssVariablesResolver={variablesOf(look)}
            defaultColorScheme="auto"
            {...(look && { forceColorScheme: look.scheme })}
        >
            <QueryClientProvider client={queryClient}>
                <TonConnectUIProvider
                    manifestUrl={new URL('tonconnect-manifest.json', location.href).href}
                    analytics={{ mode: 'off' }}
                >
                    <TonConnectTheme scheme={look?.scheme ?? null} />
                    <Network />
                </TonConnectUIProvider>
            </QueryClientProvider>
        </MantineProvider>
    );
}

/** TON Connect's own window has the page's scheme. */
function TonConnectTheme({ scheme }: { scheme: 'light' | 'dark' | null }) {
    const [, setOptions] = useTonConnectUI();
    useEffect(() => {
        setOptions({
            uiPreferences: { theme: scheme === null ? 'SYSTEM' : scheme === 'dark' ? THEME.DARK : THEME.LIGHT },
        });
    }, [scheme, setOptions]);
    return null;
}

/** The network of config.json, and the pages once it answers. */
function Network() {
    const [place] = useHashLocation();
    const config = useQuery({ queryKey: ['config'], queryFn: loadConfig, staleTime: Infinity, retry: false });
    const chain = useQuery({
        queryKey: ['chain'],
        queryFn: () => (config.data ? openChain(config.data) : Promise.reject(new Error('no config'))),
        enabled: config.data !== undefined,
        staleTime: Infinity,
        refetchInterval: ({ state }) => (state.status === 'error' ? LIVE : false),
    });
    if (config.error) {
        return <SetUpError reason={config.error.message} />;
    }
    return (
        <Loaded query={chain}>
            {(opened) => (
                <ChainProvider chain={opened}>
                    <Router hook={useHashLocation}>
                        <Actions>
                            <Shell>
                                <Boundary key={place}>
                                    <Switch>
                                        <Route path="/" component={MarketPage} />
                                        <Route path="/name/:name">
                                            {({ name }) => <NamePage key={name} name={name} />}
                                        </Route>
                                        <Route path="/mine" component={OwnPage} />
                                        <Route path="/earnings/:payeeId?">
                                            {({ payeeId }) => <EarningsPage key={payeeId} payeeId={payeeId ?? null} />}
                                        </Route>
                                        <Route path="/advertise/:campaign?">
                                            {({ campaign }) => (
                                                <AdvertisePage key={campaign} campaign={campaign ?? null} />
                                            )}
                                        </Route>
                                        <Route component={NotFound} />
                                    </Switch>
                                </Boundary>
                            </Shell>
                        </Actions>
                    </Router>
                </ChainProvider>
            )}
        </Loaded>
    );
}
