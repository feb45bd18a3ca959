/** How often each message met each state, and how often it was accepted there. */
export class Coverage {
    private readonly counts = new Map<string, Map<string, { accepted: number; refused: number }>>();

    note(op: string, state: string, isAccepted: boolean): void {
        this.add(op, state, isAccepted ? 1 : 0, isAccepted ? 0 : 1);
    }

    get operations(): number {
        return this.list().reduce((sum, [, , accepted, refused]) => sum + accepted + refused, 0);
    }

    /** As plain data, for another process: op, state, accepted, refused. */
    list(): [op: string, state: string, accepted: number, refused: number][] {
        return [...this.counts].flatMap(([op, states]) =>
            [...states].map(([state, { accepted, refused }]): [string, string, number, number] => [
                op,
                state,
                accepted,
                refused,
            ]),
        );
    }

    merge(list: ReturnType<Coverage['list']>): void {
        list.forEach((entry) => this.add(...entry));
    }

    clear(): void {
        this.counts.clear();
    }

    /** A row for each op, a column for each state: accepted/refused, or a point where they never met. */
    table(): string {
        const list = this.list();
        const states = [...new Set(list.map(([, state]) => state))].sort();
        const rows = [...this.counts.keys()].sort().map((op) => {
            const cells = states.map((state) => {
                const met = this.counts.get(op)?.get(state);
                return met ? `${met.accepted}/${met.refused}` : '.';
            });
            return [op, ...cells];
        });
        const all = [['accepted/refused', ...states], ...rows];
        const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
        return all
            .map((row) =>
                row
                    .map((cell, i) => cell.padEnd(widths[i]!))
                    .join('  ')
                    .trimEnd(),
            )
            .join('\n');
    }

    private add(op: string, state: string, accepted: number, refused: number): void {
        const states = this.counts.get(op) ?? new Map<string, { accepted: number; refused: number }>();
        this.counts.set(op, states);
        const met = states.get(state) ?? { accepted: 0, refused: 0 };
        states.set(state, { accepted: met.accepted + accepted, refused: met.refused + refused });
    }
}
