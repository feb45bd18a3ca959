import type { Listing, Step } from './listing';
import { probeNumber } from './probes';

// Which instructions of the real code a statement begins with, found by comparing the real code with the same code with probes.
// The compiler's own debug marks are of no use here: with them four of the five contracts get another code, and inline
// functions lose theirs.

/** A step in the order of the listing. */
interface Place {
    readonly name: string;
    readonly line: number;
    /** How far the block of this step reaches in the list; its own index + 1 if it has none. */
    end: number;
}

function flatten(steps: readonly Step[], places: Place[] = []): Place[] {
    for (const { name, line, block } of steps) {
        const place = { name, line, end: 0 };
        places.push(place);
        flatten(block ?? [], places);
        place.end = places.length;
    }
    return places;
}

/** The longest common subsequence of two lists (Myers): by index in `a` the index in `b`, or undefined. */
export function align<T>(a: readonly T[], b: readonly T[]): (number | undefined)[] {
    // reach[diagonal] is how far `a` is consumed on it; `history` has the part of it that each number of edits began with
    const zero = a.length + b.length + 1;
    const reach = new Int32Array(2 * zero + 1).fill(-1);
    reach[zero + 1] = 0;
    const history: Int32Array[] = [];
    const isDown = (before: (diagonal: number) => number, diagonal: number, edits: number): boolean =>
        diagonal === -edits || (diagonal !== edits && before(diagonal - 1) < before(diagonal + 1));
    const now = (diagonal: number): number => reach[zero + diagonal]!;
    for (let edits = 0, done = false; !done; edits++) {
        history.push(reach.slice(zero - edits - 1, zero + edits + 2));
        for (let diagonal = -edits; diagonal <= edits && !done; diagonal += 2) {
            let x = isDown(now, diagonal, edits) ? now(diagonal + 1) : now(diagonal - 1) + 1;
            while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) {
                x++;
            }
            reach[zero + diagonal] = x;
            done = x >= a.length && x - diagonal >= b.length;
        }
    }
    const matches: (number | undefined)[] = Array.from(a, () => undefined);
    let [x, y] = [a.length, b.length];
    for (let edits = history.length - 1; edits >= 0; edits--) {
        const before = (diagonal: number): number => history[edits]![diagonal + edits + 1]!;
        const diagonal = isDown(before, x - y, edits) ? x - y + 1 : x - y - 1;
        const fromX = before(diagonal);
        while (x > fromX && y > fromX - diagonal && x > 0 && y > 0 && a[x - 1] === b[y - 1]) {
            matches[--x] = --y;
        }
        [x, y] = [fromX, fromX - diagonal];
    }
    return matches;
}

/**
 * The lines of `real` that each statement begins with, once for each place that the compiler put it; none where it left nothing
 * of a statement. `probed` is the same code with probes.
 */
export function statementStarts(real: Listing, probed: Listing): Map<number, Set<number>> {
    const realPlaces = flatten(real.steps);
    const all = flatten(probed.steps);
    const isProbe = all.map(({ name }) => probeNumber(name));
    const kept = all.flatMap((_, i) => (isProbe[i] === null ? [i] : []));
    const matches = align(
        kept.map((i) => all[i]!.name),
        realPlaces.map(({ name }) => name),
    );
    const realOf = new Map(kept.map((i, position) => [i, matches[position]]));
    const starts = new Map<number, Set<number>>();
    const visit = (from: number, to: number): void => {
        for (let i = from; i < to; i = all[i]!.end) {
            const number = isProbe[i] ?? null;
            if (number !== null) {
                const lines = starts.get(number) ?? new Set<number>();
                starts.set(number, lines);
                const next = firstMatch(i + 1, to);
                if (next !== undefined) {
                    lines.add(realPlaces[next]!.line);
                }
            }
            visit(i + 1, all[i]!.end);
        }
    };
    /** The next step that runs and that the real code has too; a block that is only pushed is passed over. */
    const firstMatch = (from: number, to: number): number | undefined => {
        for (let i = from; i < to; i = all[i]!.end) {
            const match = realOf.get(i);
            const inside = match === undefined && all[i]!.name === 'CALLREF' ? firstMatch(i + 1, all[i]!.end) : match;
            if (inside !== undefined) {
                return inside;
            }
        }
        return undefined;
    };
    visit(0, all.length);
    return starts;
}
