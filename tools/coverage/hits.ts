import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How often each place of the code ran: counts by `hash:offset`. */
export type Hits = Map<string, number>;

/** Where the specs leave what they counted, a file each. */
export const HITS_DIRECTORY = join(__dirname, '..', '..', 'build', 'coverage', 'hits');

/** Adds the instructions that a VM log shows; the log must have been kept with locations. */
export function addHits(hits: Hits, vmLog: string): void {
    for (const [, hash = '', offset] of vmLog.matchAll(/^code cell hash: (\w+) offset: (\d+)$/gm)) {
        const place = `${hash.toLowerCase()}:${offset}`;
        hits.set(place, (hits.get(place) ?? 0) + 1);
    }
}

export function writeHits(hits: Hits, name: string): void {
    mkdirSync(HITS_DIRECTORY, { recursive: true });
    writeFileSync(join(HITS_DIRECTORY, name), [...hits].map(([place, count]) => `${place} ${count}\n`).join(''));
}

/** What all files together counted. */
export function readHits(): Hits {
    const hits: Hits = new Map();
    for (const file of readdirSync(HITS_DIRECTORY)) {
        for (const line of readFileSync(join(HITS_DIRECTORY, file), 'utf8').split('\n').filter(Boolean)) {
            const [place = '', count] = line.split(' ');
            hits.set(place, (hits.get(place) ?? 0) + Number(count));
        }
    }
    return hits;
}
