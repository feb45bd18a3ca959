import { Alert, Button, Checkbox, Group, Loader, Modal, Stack, Table, Text, type ButtonProps } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Address, Sender } from '@ton/core';
import { UserRejectsError, useIsConnectionRestored, useTonConnectUI } from '@tonconnect/ui-react';
import { readAccount, readHistory, tonConnectMessages, watchHistory } from 'gramhouse';
import type { Account, AccountTransaction, EventPlace, Problem } from 'gramhouse';
import { createContext, use, useRef, useState, type ReactNode } from 'react';

import { LIVE, useChain, useNow, type Chain } from '../chain';
import { describeError } from '../errors';
import { texts } from '../texts';
import { useConnect, useWallet } from '../wallet';
import { Amount } from './amount';
import { TransactionLink } from './links';

/** What came of a message. */
export type Outcome = {
    /** `returned`: the contract took nothing, and the money is on its way back. */
    kind: 'done' | 'returned';
    text: string;
    place: EventPlace;
};

/** Where the outcome shows: what a transaction of this account says of it, null if it is about something else. */
export type Watch = { account: Address; read: (tx: AccountTransaction) => Outcome | null };

/** One operation, ready to be confirmed: everything that a person is told before the wallet opens. */
export type Plan = {
    /** What happens with the money, in nanotons. */
    lines: { label: string; amount: bigint }[];
    notes: ReactNode[];
    /** An error keeps the wallet closed. */
    problems: Problem[];
    send: (via: Sender) => Promise<unknown>;
    watch: Watch[];
};

/** What a plan is made from, read from the chain a moment ago. */
export type Given = { chain: Chain; wallet: Account; now: number };

type MakePlan = (given: Given) => Promise<Plan>;

type Phase = { name: 'plan' } | { name: 'wallet' } | { name: 'chain' } | { name: 'end'; outcome: Outcome | null };

/** How long, in seconds, a wallet may take to sign, and how long, in milliseconds, its message is then looked for. */
const TO_SIGN = 300;
const TO_ARRIVE = 120_000;

type Action = { label: string; id: string; plan: MakePlan; wallet: Address };

const OpenContext = createContext<(action: Action) => void>(() => undefined);

/** Holds the window of an operation, which stays when its button goes: what is done need not be done again. */
export function Actions({ children }: { children: ReactNode }) {
    const [action, setAction] = useState<Action | null>(null);
    const opener = useRef<Element | null>(null);
    const open = (next: Action): void => {
        opener.current = document.activeElement;
        setAction(next);
    };
    const close = (): void => {
        setAction(null);
        // The library gives the focus back only from a window that stays in the page
        if (opener.current instanceof HTMLElement) {
            opener.current.focus();
        }
    };
    return (
        <OpenContext value={open}>
            {children}
            {action && <ActionWindow {...action} onClose={close} />}
        </OpenContext>
    );
}

/**
 * A button for one operation. It opens a window that says what happens with the money, keeps that up to date while the
 * window is open, asks the wallet, and waits for what the chain says of it. What a person has chosen stays as it was when
 * the window opened.
 *
 * @param id of the plan
 * @param plan null while a person has not chosen enough for one
 */
export function ActionButton({
    label,
    id,
    plan,
    ...button
}: { label: string; id: string; plan: MakePlan | null } & ButtonProps) {
    const open = use(OpenContext);
    // Until then it is not known whether a wallet is connected
    const isRestored = useIsConnectionRestored();
    const wallet = useWallet();
    const connect = useConnect();
    return (
        <Button
            {...button}
            disabled={button.disabled === true || !isRestored || plan === null || wallet?.isWrongNetwork === true}
            onClick={() => {
                if (!wallet) {
                    connect();
                } else if (plan) {
                    open({ label, id, plan, wallet: wallet.address });
                }
            }}
        >
            {label}
        </Button>
    );
}

function ActionWindow({ label, id, wallet, plan, onClose }: Action & { onClose: () => void }) {
    const chain = useChain();
    const queries = useQueryClient();
    const [tonConnect] = useTonConnectUI();
    const now = useNow();
    const nowRef = useRef(now);
    nowRef.current = now;
    const [phase, setPhase] = useState<Phase>({ name: 'plan' });
    const [failure, setFailure] = useState<{ title: string; text: string } | null>(null);
    const stop = useRef(new AbortController());
    const isDeciding = phase.name === 'plan' || phase.name === 'wallet';
    const { data, error } = useQuery({
        queryKey: ['plan', id, wallet.toString()],
        queryFn: async () => plan({ chain, wallet: await readAccount(chain.client, wallet), now: nowRef.current }),
        enabled: isDeciding,
        refetchInterval: LIVE,
        staleTime: 0,
        gcTime: 0,
        retry: 1,
    });
    const [accepted, setAccepted] = useState('');
    const errors = data?.problems.filter(({ severity }) => severity === 'error') ?? [];
    const warnings = (data?.problems ?? [])
        .filter(({ severity }) => severity === 'warning')
        .map(({ code }) => code)
        .join();

    const confirm = async ({ send, watch }: Plan): Promise<void> => {
        setFailure(null);
        setPhase({ name: 'wallet' });
        let isAsked = false;
        let before: (AccountTransaction | null)[];
        try {
            before = await Promise.all(
                watch.map(async ({ account }) => (await readHistory(chain.history, account, { limit: 1 }))[0] ?? null),
            );
            const messages = await tonConnectMessages(send, { testOnly: chain.config.network === '-3' });
            isAsked = true;
            await tonConnect.sendTransaction({
                // By the wallet's clock, which is the device's
                validUntil: Math.floor(Date.now() / 1000) + TO_SIGN,
                network: chain.config.network,
                from: wallet.toRawString(),
                messages,
            });
        } catch (reason) {
            const { notSent, rejected, notConfirmed, notConfirmedHint } = texts.action;
            if (reason instanceof UserRejectsError) {
                setFailure({ title: notSent, text: rejected });
            } else {
                // Only a wallet that was never asked has surely signed nothing
                setFailure(
                    isAsked
                        ? { title: notConfirmed, text: notConfirmedHint }
                        : { title: notSent, text: describeError(reason) },
                );
            }
            setPhase({ name: 'plan' });
            return;
        }
        setPhase({ name: 'chain' });
        const outcome = await firstOutcome(chain, watch, before, stop.current.signal).catch(() => null);
        setPhase({ name: 'end', outcome });
        await queries.invalidateQueries();
    };
    const close = (): void => {
        stop.current.abort();
        onClose();
    };

    return (
        <Modal opened onClose={close} title={label} closeButtonProps={{ 'aria-label': texts.close }} centered>
            <Stack gap="sm" aria-live="polite">
                {!data && !error && <Loader role="status" aria-label={texts.loading} />}
                {error && isDeciding && (
                    <Alert color="red" title={texts.notRead}>
                        {describeError(error)}
                    </Alert>
                )}
                {data && phase.name !== 'end' && (
                    <>
                        <Table variant="vertical" layout="auto" data-testid="money">
                            <Table.Tbody>
                                {data.lines.map(({ label, amount }) => (
                                    <Table.Tr key={label}>
                                        <Table.Th>{label}</Table.Th>
                                        <Table.Td ta="right">
                                            <Amount value={amount} />
                                        </Table.Td>
                                    </Table.Tr>
                                ))}
                            </Table.Tbody>
                        </Table>
                        {data.notes.map((note, index) => (
                            <Text size="sm" key={index}>
                                {note}
                            </Text>
                        ))}
                        <Problems problems={data.problems} isSigning={phase.name === 'wallet'} />
                        {warnings !== '' && errors.length === 0 && (
                            <Checkbox
                                label={texts.action.accept}
                                checked={accepted === warnings}
                                onChange={({ currentTarget }) => setAccepted(currentTarget.checked ? warnings : '')}
                            />
                        )}
                    </>
                )}
                {failure && (
                    <Alert color="red" title={failure.title}>
                        {failure.text}
                    </Alert>
                )}
                {phase.name === 'chain' && (
                    <Group>
                        <Loader size="sm" />
                        <Text>{texts.action.onItsWay}</Text>
                    </Group>
                )}
                {phase.name === 'end' && <OutcomeAlert outcome={phase.outcome} />}
                <Group justify="flex-end">
                    <Button variant="default" onClick={close}>
                        {phase.name === 'plan' ? texts.cancel : texts.close}
                    </Button>
                    {data && isDeciding && (
                        <Button
                            loading={phase.name === 'wallet'}
                            disabled={error !== null || errors.length > 0 || accepted !== warnings}
                            onClick={() => void confirm(data)}
                        >
                            {texts.action.openWallet}
                        </Button>
                    )}
                </Group>
            </Stack>
        </Modal>
    );
}

/** Errors and warnings, with what to do about them. */
export function Problems({ problems, isSigning = false }: { problems: Problem[]; isSigning?: boolean }) {
    return problems.map(({ severity, code, shortMessage, hint }) => (
        <Alert
            key={`${code} ${shortMessage}`}
            color={severity === 'error' ? 'red' : 'yellow'}
            title={isSigning && severity === 'error' ? texts.action.changedMeanwhile : shortMessage}
        >
            {isSigning && severity === 'error' ? `${shortMessage} ` : ''}
            {hint}
        </Alert>
    ));
}

function OutcomeAlert({ outcome }: { outcome: Outcome | null }) {
    if (!outcome) {
        return (
            <Alert color="yellow" title={texts.action.notSeen}>
                {texts.action.notSeenHint}
            </Alert>
        );
    }
    const { kind, text, place } = outcome;
    return (
        <Alert color={kind === 'done' ? 'green' : 'yellow'} title={text}>
            <TransactionLink hash={place.hash} />
        </Alert>
    );
}

/** The first that any of the watched accounts says; null if none does in time. */
async function firstOutcome(
    { history }: Chain,
    watch: Watch[],
    before: (AccountTransaction | null)[],
    signal: AbortSignal,
): Promise<Outcome | null> {
    const done = new AbortController();
    const stop = AbortSignal.any([signal, done.signal, AbortSignal.timeout(TO_ARRIVE)]);
    const search = async ({ account, read }: Watch, after: AccountTransaction | null): Promise<Outcome | null> => {
        for await (const tx of watchHistory(history, account, { after, signal: stop })) {
            const outcome = read(tx);
            if (outcome) {
                done.abort();
                return outcome;
            }
        }
        return null;
    };
    const found = await Promise.all(watch.map((one, index) => search(one, before[index] ?? null)));
    return found.find((outcome) => outcome !== null) ?? null;
}
