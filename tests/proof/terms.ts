import { type Arith, type Bool, type Context, init, type Z3HighLevel } from 'z3-solver';

import type { Arithmetic } from './formulas';

export type Term = Arith<'proof'>;
export type Condition = Bool<'proof'>;

/** Inclusive. */
export type Range = readonly [from: bigint, to: bigint];

/** A TVM integer has 257 bits; an instruction whose result does not fit throws. */
const TVM_INTEGER: Range = [-(1n << 256n), (1n << 256n) - 1n];

/** What a claim has to work with: its variables as terms, and the formulas' operations on terms. */
export class Terms implements Arithmetic<Term> {
    /** What each operation gave, which must fit into a TVM integer. */
    readonly results: Term[] = [];
    /** What the quotients are, which are unknowns of their own: without it the solver is lost in divisions by variables. */
    readonly definitions: Condition[] = [];

    constructor(private readonly z3: Context<'proof'>) {}

    num = (value: bigint): Term => this.z3.Int.val(value.toString());
    variable = (name: string): Term => this.z3.Int.const(name);
    all = (...conditions: Condition[]): Condition => this.z3.And(...conditions);
    either = (...conditions: Condition[]): Condition => this.z3.Or(...conditions);
    not = (condition: Condition): Condition => this.z3.Not(condition);
    implies = (condition: Condition, then: Condition): Condition => this.z3.Implies(condition, then);
    within = (term: Term, [from, to]: Range): Condition => this.all(term.ge(this.num(from)), term.le(this.num(to)));

    add = (a: Term, b: Term): Term => this.result(a.add(b));
    sub = (a: Term, b: Term): Term => this.result(a.sub(b));
    mul = (a: Term, b: Term): Term => this.result(a.mul(b));
    min = (a: Term, b: Term): Term => this.z3.If(a.le(b), a, b);
    max = (a: Term, b: Term): Term => this.z3.If(a.ge(b), a, b);

    muldiv = (a: Term, b: Term, c: Term): Term => {
        const quotient = this.result(this.z3.Int.fresh('quotient'));
        const product = a.mul(b);
        this.definitions.push(quotient.mul(c).le(product), quotient.add(1).mul(c).gt(product));
        return quotient;
    };

    muldivc = (a: Term, b: Term, c: Term): Term => {
        const quotient = this.result(this.z3.Int.fresh('quotient'));
        const product = a.mul(b);
        this.definitions.push(quotient.mul(c).ge(product), quotient.sub(1).mul(c).lt(product));
        return quotient;
    };

    /** All that was computed fits into TVM integers. */
    noOverflow = (): Condition => this.all(...this.results.map((term) => this.within(term, TVM_INTEGER)));

    private result(term: Term): Term {
        this.results.push(term);
        return term;
    }
}

/** A sentence about every number in its range. */
export interface Claim {
    readonly formula: string;
    readonly sentence: string;
    readonly variables: Readonly<Record<string, Range>>;
    /** What must hold, given the conditions that it returns beside it. */
    readonly claim: (terms: Terms, v: Record<string, Term>) => { given?: Condition[]; holds: Condition };
}

/** `null`: it holds for all numbers in range. Else numbers for which it does not. */
export type Verdict = Record<string, bigint> | null;

export interface Prover {
    /**
     * Whether the claim holds, and whether nothing in its formulas overflows. Throws if the solver cannot tell, and if the
     * conditions of the claim fit no numbers.
     */
    prove(claim: Claim): Promise<{ holds: Verdict; noOverflow: Verdict }>;
    /** Ends the solver's threads. */
    close(): void;
}

const TIMEOUT_MS = 60_000;

/** What ends the threads of the solver, which keep the process alive. */
type Emscripten = { PThread: { terminateAllThreads(): void } };

export async function startProver(): Promise<Prover> {
    const { Context, em } = (await init()) as { Context: Z3HighLevel['Context']; em: Emscripten };
    const z3 = Context('proof');

    /** Numbers for which all conditions hold, null if there are none. */
    async function example(conditions: Condition[], variables: Record<string, Term>): Promise<Verdict> {
        const solver = new z3.Solver();
        solver.set('timeout', TIMEOUT_MS);
        solver.add(...conditions);
        const answer = await solver.check();
        if (answer === 'unknown') {
            throw new Error(`The solver cannot tell: ${solver.reasonUnknown()}`);
        }
        if (answer === 'unsat') {
            return null;
        }
        const model = solver.model();
        return Object.fromEntries(
            Object.entries(variables).map(([name, term]) => [name, BigInt(model.eval(term, true).sexpr())]),
        );
    }

    return {
        async prove({ variables: ranges, claim }) {
            const terms = new Terms(z3);
            const variables = Object.fromEntries(Object.keys(ranges).map((name) => [name, terms.variable(name)]));
            const bounds = Object.entries(ranges).map(([name, range]) => terms.within(variables[name]!, range));
            const { given = [], holds } = claim(terms, variables);
            const known = [...bounds, ...given, ...terms.definitions];
            if ((await example(known, variables)) === null) {
                throw new Error('The claim is about no numbers at all.');
            }
            return {
                holds: await example([...known, z3.Not(holds)], variables),
                noOverflow: await example([...known, z3.Not(terms.noOverflow())], variables),
            };
        },
        close() {
            em.PThread.terminateAllThreads();
        },
    };
}
