// Where the gas of a transaction goes, from the instruction listing of the TVM (the emulator's VM log).

const OTHER: [kind: string, instruction: RegExp] = ['fields, arithmetic, branches', /./];

/** What gas pays for, and the instructions that it counts: the first that fits. */
const KINDS: [kind: string, instruction: RegExp][] = [
    ['finding the handler', /^(SETCP|DICTPUSHCONST|DICTIGETJMPZ)/],
    ['loading code cells', /^(CALLREF|JMPREF|PUSHREF|IF\w*REF|implicit JMPREF)/],
    ['building cells', /^ENDC/],
    ['loading cells', /^(CTOS|XCTOS|LDREFRTOS|CDATASIZE)/],
    ['sending', /^(SENDRAWMSG|RAWRESERVE)/],
    ['throws', /^THROW/],
    ['prices', /^(GETGASFEE|GETFORWARDFEE|GETSTORAGEFEE|GETORIGINALFWDFEE|GASCONSUMED|DUEPAYMENT)/],
    ['hashes and the signature', /^(HASH|SHA256|CHKSIG)/],
    ['stack moves', /^(XCHG|XC|PUXC|PUSH s|PUSH[23]|PU2|POP s|SWAP|ROT|DUP|OVER|NIP|TUCK|DROP|BLK|REVERSE|2)/],
    OTHER,
];

/** ACCEPT raises what remains, so its own gas does not show. */
const ACCEPT_GAS = 26;

export const STACK_MOVES = 'stack moves';
export const GAS_KINDS = KINDS.map(([kind]) => kind);

export type GasProfile = Record<string, number>;

export function emptyProfile(): GasProfile {
    return Object.fromEntries(GAS_KINDS.map((kind) => [kind, 0]));
}

/** Adds what a transaction spent to a profile; its VM log must have been kept ('vm_logs_gas'). */
export function addToProfile(profile: GasProfile, vmLogs: string, gasUsed: number): void {
    const add = (kind: string, gas: number): void => {
        profile[kind] = (profile[kind] ?? 0) + gas;
    };
    let [left, spent, instruction] = [0, 0, ''];
    for (const line of vmLogs.split('\n')) {
        const [, executed] = /^execute (.*)/.exec(line) ?? [];
        const [, remaining] = /^gas remaining: (\d+)/.exec(line) ?? [];
        if (executed !== undefined) {
            instruction = executed;
        } else if (remaining !== undefined) {
            if (left > 0) {
                const [kind] = KINDS.find(([, pattern]) => pattern.test(instruction)) ?? OTHER;
                const gas = instruction === 'ACCEPT' ? ACCEPT_GAS : left - Number(remaining);
                add(kind, gas);
                spent += gas;
            }
            left = Number(remaining);
        }
    }
    // The log does not say what was left before the first instruction, which is SETCP
    add('finding the handler', gasUsed - spent);
}
