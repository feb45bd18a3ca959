import { getState } from 'jest-circus';

import { onLog } from '../coverage/emulator';
import { addHits, type Hits } from '../coverage/hits';
import { type Block, idOf, running, runSpec, type Spent, type Test } from './runner';

/** Where a test went in the code: offsets by cell, each cell by the first digits of its hash. */
export type Places = Readonly<Record<string, readonly number[]>>;

/** A test of the contracts as they are. */
export interface Traced {
    readonly spec: string;
    readonly test: string;
    /** Processor time that it takes. */
    readonly milliseconds: number;
    /** The same of what its file does once before it. */
    readonly setup: number;
    readonly places: Places;
}

/** So many digits of a cell's hash tell it from all others. */
export const cellName = (hash: string): string => hash.slice(0, 12).toLowerCase();

let hits: Map<Test | Block, Hits> | null = null;

onLog(
    (vmLog) => {
        const runs = running();
        const own: Hits = hits?.get(runs) ?? new Map<string, number>();
        addHits(own, vmLog);
        hits?.set(runs, own);
    },
    () => hits !== null,
);

const testsOf = (block: Block): Test[] =>
    block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)));

const blocksAround = ({ parent }: Test | Block): Block[] => (parent ? [parent, ...blocksAround(parent)] : []);

/** What ran in a test, and in the hooks of the blocks around it that run once. */
function placesOf(test: Test): Places {
    const places: Record<string, number[]> = {};
    const seen = new Set([test, ...blocksAround(test)].flatMap((it) => [...(hits?.get(it)?.keys() ?? [])]));
    for (const place of seen) {
        const [hash = '', offset] = place.split(':');
        (places[cellName(hash)] ??= []).push(Number(offset));
    }
    return places;
}

/** Runs a spec file, and tells where each of its tests goes; fails where one of them does. */
export async function traceSpec(spec: string): Promise<Traced[]> {
    hits = new Map();
    const spent: Spent = new Map();
    try {
        const failure = await runSpec(spec, [], spent);
        if (failure) {
            throw new Error(`${spec} fails without a mutation: ${failure.test} ${failure.error}`);
        }
        return testsOf(getState().rootDescribeBlock).map((test) => ({
            spec,
            test: idOf(test),
            milliseconds: Math.round(spent.get(test) ?? 0),
            setup: Math.round(blocksAround(test).reduce((sum, block) => sum + (spent.get(block) ?? 0), 0)),
            places: placesOf(test),
        }));
    } finally {
        hits = null;
    }
}
