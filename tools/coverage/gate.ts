import type { Coverage } from './measure';

/** A line, or instructions, that no message and no get-method reaches, and why. */
export type Unreachable =
    | { file: string; function: string; line: string; reason: string }
    | { contract: string; instruction: string; after: string; reason: string };

/** How the list names something; the numbers of lines change too easily. */
function nameOf(it: Unreachable): string {
    return 'file' in it
        ? `${it.file}, ${it.function}: ${it.line}`
        : `${it.contract}, after "${it.after}": ${it.instruction}`;
}

/**
 * What is wrong, a line each: lines and instructions that did not run and are not in `unreachable`, and entries of that which
 * name nothing that did not run.
 */
export function faultsOf({ lines, codes }: Coverage, unreachable: readonly Unreachable[]): string[] {
    const missed = new Map<string, string>();
    for (const { file, line, name, text, hits } of lines) {
        if (hits === 0) {
            missed.set(nameOf({ file, function: name, line: text, reason: '' }), `${file}:${line}`);
        }
    }
    for (const { contract, text, hits, after } of codes) {
        hits.forEach((count, i) => {
            if (count === 0) {
                const at = after[i];
                const name = nameOf({ contract, instruction: text[i]!.trim(), after: at?.text ?? '', reason: '' });
                missed.set(name, at ? `after ${at.file}:${at.line}` : 'at the beginning');
            }
        });
    }
    const listed = new Set(unreachable.map(nameOf));
    return [
        ...[...missed].filter(([name]) => !listed.has(name)).map(([name, place]) => `Not covered: ${name} (${place})`),
        ...[...listed].filter((name) => !missed.has(name)).map((name) => `Stale, it is covered or gone: ${name}`),
        ...unreachable.filter(({ reason }) => reason.trim() === '').map((it) => `No reason: ${nameOf(it)}`),
    ];
}
