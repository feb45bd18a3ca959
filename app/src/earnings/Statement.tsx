import { Button, Group, Table, Title } from '@mantine/core';

import { formatTime, formatTon } from '../format';
import { texts } from '../texts';
import { TransactionLink } from '../ui/links';
import { Empty } from '../ui/states';
import { statementCsv, type Ledger } from './ledger';

const words = texts.earnings.statement;

/** Newest first; as a file oldest first. */
export function Statement({ payeeId, ledger, now }: { payeeId: bigint; ledger: Ledger; now: number }) {
    const { entries } = ledger;
    return (
        <section>
            <Group justify="space-between" mb="xs">
                <Title order={3} size="h4">
                    {words.title}
                </Title>
                {entries.length > 0 && (
                    <Button
                        component="a"
                        variant="default"
                        download={words.fileName(payeeId)}
                        href={`data:text/csv;charset=utf-8,${encodeURIComponent(statementCsv(ledger, now))}`}
                    >
                        {words.csv}
                    </Button>
                )}
            </Group>
            {entries.length === 0 ? (
                <Empty>{words.empty}</Empty>
            ) : (
                <Table.ScrollContainer minWidth={680} type="native">
                    <Table data-testid="statement">
                        <Table.Thead>
                            <Table.Tr>
                                <Table.Th>{words.time}</Table.Th>
                                <Table.Th>{words.kind}</Table.Th>
                                <Table.Th ta="right">{words.gross}</Table.Th>
                                <Table.Th ta="right">{words.fee}</Table.Th>
                                <Table.Th ta="right">{words.share}</Table.Th>
                                <Table.Th ta="right">{words.moved}</Table.Th>
                            </Table.Tr>
                        </Table.Thead>
                        <Table.Tbody>
                            {[...entries].reverse().map((entry) => (
                                <Table.Tr key={`${entry.hash}${entry.kind}`}>
                                    <Table.Td>
                                        <TransactionLink hash={entry.hash} label={formatTime(entry.time)} />
                                    </Table.Td>
                                    <Table.Td>{texts.earnings.kinds[entry.kind]}</Table.Td>
                                    {[entry.gross, entry.fee, entry.share, entry.paidOut + entry.reinvested].map(
                                        (amount, index) => (
                                            <Table.Td ta="right" className="numeric" key={index}>
                                                {amount === 0n ? '' : formatTon(amount)}
                                            </Table.Td>
                                        ),
                                    )}
                                </Table.Tr>
                            ))}
                        </Table.Tbody>
                    </Table>
                </Table.ScrollContainer>
            )}
        </section>
    );
}
