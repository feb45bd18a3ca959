import { Alert, Anchor, Button, Container, CopyButton, Group, Menu, Stack, Title } from '@mantine/core';
import { useIsConnectionRestored, useTonConnectUI } from '@tonconnect/ui-react';
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';

import { useChain, useNetworkClock } from './chain';
import { formatDuration, shortAddress } from './format';
import { texts } from './texts';
import { useConnect, useWallet } from './wallet';

/** Seconds from which a wrong clock is worth a word. */
const SKEW = 60;

/** Header, pages, what is wrong at the moment, and the page itself. */
export function Shell({ children }: { children: ReactNode }) {
    const { config } = useChain();
    return (
        <Container size="md" pb="xl">
            <Anchor href="#content" className="skip" onClick={toContent}>
                {texts.skip}
            </Anchor>
            <Group component="header" justify="space-between" py="sm" wrap="nowrap">
                <Anchor component={Link} href="/" underline="never" c="inherit">
                    <Title order={1} size="h3">
                        {texts.title}
                    </Title>
                </Anchor>
                <WalletButton />
            </Group>
            <Group component="nav" aria-label={texts.navigation} gap={0} mb="md">
                <PageLink path="/" label={texts.market.title} />
                <PageLink path="/mine" label={texts.market.own.title} />
                {config.adNetwork && (
                    <>
                        <PageLink path="/earnings" pattern="/earnings/*?" label={texts.earnings.title} />
                        <PageLink path="/advertise" pattern="/advertise/*?" label={texts.advertise.title} />
                    </>
                )}
            </Group>
            <Stack component="main" id="content" tabIndex={-1}>
                <Banners />
                {children}
            </Stack>
        </Container>
    );
}

/** Connects a wallet, or says which one is connected. */
function WalletButton() {
    const { config } = useChain();
    const [tonConnect] = useTonConnectUI();
    const isRestored = useIsConnectionRestored();
    const wallet = useWallet();
    const connect = useConnect();
    if (!wallet) {
        return (
            <Button disabled={!isRestored} onClick={connect}>
                {texts.connect}
            </Button>
        );
    }
    const testOnly = config.network === '-3';
    return (
        <Menu position="bottom-end">
            <Menu.Target>
                <Button variant="default">{shortAddress(wallet.address, testOnly)}</Button>
            </Menu.Target>
            <Menu.Dropdown>
                <CopyButton value={wallet.address.toString({ bounceable: false, testOnly })}>
                    {({ copied, copy }) => (
                        <Menu.Item closeMenuOnClick={false} onClick={copy}>
                            {copied ? texts.copied : texts.copyAddress}
                        </Menu.Item>
                    )}
                </CopyButton>
                <Menu.Item onClick={() => void tonConnect.disconnect()}>{texts.disconnect}</Menu.Item>
            </Menu.Dropdown>
        </Menu>
    );
}

/** The address of the page is in the hash, so the browser cannot jump by it. */
function toContent(event: { preventDefault(): void }): void {
    event.preventDefault();
    document.getElementById('content')?.focus();
}

function PageLink({ path, pattern = path, label }: { path: string; pattern?: string; label: string }) {
    const [isHere] = useRoute(pattern);
    return (
        <Button
            component={Link}
            href={path}
            variant={isHere ? 'light' : 'subtle'}
            size="compact-md"
            px={10}
            {...(isHere && { 'aria-current': 'page' })}
        >
            {label}
        </Button>
    );
}

function Banners() {
    const { config } = useChain();
    const { ahead, isDown } = useNetworkClock();
    const wallet = useWallet();
    const network = config.network === '-3' ? texts.testnet : texts.mainnet;
    return (
        <div role="status">
            {isDown && (
                <Alert color="red" title={texts.nodeDown} mb="sm">
                    {texts.nodeDownHint}
                </Alert>
            )}
            {wallet?.isWrongNetwork === true && (
                <Alert color="red" title={texts.wrongNetwork(network)} mb="sm">
                    {texts.wrongNetworkHint}
                </Alert>
            )}
            {Math.abs(ahead) > SKEW && (
                <Alert color="yellow" title={texts.clockSkew(formatDuration(Math.abs(ahead)))} mb="sm">
                    {texts.clockSkewHint}
                </Alert>
            )}
        </div>
    );
}

export const NotFound = () => (
    <Stack align="center" py="xl">
        {texts.notFound}
        <Anchor component={Link} href="/">
            {texts.toMarket}
        </Anchor>
    </Stack>
);

/** For whoever serves the page. */
export const SetUpError = ({ reason }: { reason: string }) => (
    <Container size="sm" py="xl">
        <Alert color="red" title={texts.setUp}>
            {reason}
        </Alert>
    </Container>
);
