import { Text, Title } from '@mantine/core';
import { Area, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

import { formatTime, formatTon } from '../format';
import { texts } from '../texts';
import { pointsOf, type Ledger } from './ledger';

const words = texts.earnings.chart;
const INK = 'var(--mantine-color-text)';
const AREAS = [
    ['paidOut', 'var(--mantine-color-teal-6)'],
    ['reinvested', 'var(--mantine-color-orange-6)'],
    ['available', 'var(--mantine-color-blue-5)'],
] as const;

/** What was earned, and where it is: the three areas together are as high as the line. */
export function EarningsChart({ ledger, now }: { ledger: Ledger; now: number }) {
    const points = pointsOf(ledger, now);
    const { earned, available, paidOut, reinvested } = ledger;
    if (points.length === 0) {
        return null;
    }
    const isShort = now - (points[0]?.time ?? now) < 3 * 86_400;
    const tick = new Intl.DateTimeFormat(undefined, isShort ? { timeStyle: 'short' } : { dateStyle: 'short' });
    return (
        <section>
            <Title order={3} size="h4" mb="xs">
                {words.title}
            </Title>
            <div
                role="img"
                aria-label={words.label(
                    formatTon(earned),
                    formatTon(available),
                    formatTon(paidOut),
                    formatTon(reinvested),
                )}
            >
                <ResponsiveContainer width="100%" height={260}>
                    <ComposedChart data={points} accessibilityLayer={false} margin={{ top: 8, right: 16 }}>
                        <CartesianGrid strokeDasharray="3 3" stroke="var(--mantine-color-dimmed)" strokeOpacity={0.3} />
                        <XAxis
                            dataKey="time"
                            type="number"
                            domain={['dataMin', 'dataMax']}
                            tickFormatter={(time: number) => tick.format(time * 1000)}
                            tick={{ fill: INK, fontSize: 12 }}
                            minTickGap={48}
                        />
                        <YAxis unit=" TON" width={72} tick={{ fill: INK, fontSize: 12 }} />
                        <Tooltip
                            labelFormatter={(time) => formatTime(Number(time))}
                            itemStyle={{ color: INK }}
                            contentStyle={{ background: 'var(--mantine-color-body)', color: INK }}
                        />
                        <Legend
                            formatter={(label: string) => (
                                <Text span size="sm" c={INK}>
                                    {label}
                                </Text>
                            )}
                        />
                        {AREAS.map(([name, color]) => (
                            <Area
                                key={name}
                                dataKey={name}
                                name={words[name]}
                                type="stepAfter"
                                stackId="parts"
                                stroke={color}
                                fill={color}
                                fillOpacity={0.5}
                                isAnimationActive={false}
                            />
                        ))}
                        <Line
                            dataKey="earned"
                            name={words.earned}
                            type="stepAfter"
                            stroke={INK}
                            strokeDasharray="4 3"
                            dot={false}
                            isAnimationActive={false}
                        />
                    </ComposedChart>
                </ResponsiveContainer>
            </div>
        </section>
    );
}
