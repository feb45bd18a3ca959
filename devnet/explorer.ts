import { fromNano, loadMessage, type Address, type Cell } from '@ton/core';

import { CONFIG_ADDRESS, type AccountState } from './account';
import type { ChainTransaction } from './blocks';
import { FAUCET, type Chain } from './chain';
import type { SeededContract } from './control';
import { html, join, type Html } from './html';
import { RequestError, type Api } from './http';
import { bodyOp, commentOf, namedExitCode, opName } from './names';
import { Params, parseAddress, parseHash } from './params';
import type { NamedWallet } from './wallets';

/** What the coin is called wherever an amount is shown. */
const COIN = 'TON';
/** How many transactions a page shows. */
const PAGE = 50;
const MAX_ACCOUNTS = 200;
const BOUNCED = 0xffffffff;

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;margin:0 auto;max-width:76rem;padding:1rem;color:#1a1d21;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th{text-align:left;color:#59616b;font-weight:600}
td,th{padding:.25rem .6rem .25rem 0;border-bottom:1px solid #e4e7eb;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}code{overflow-wrap:anywhere}
a{color:#0b57a4}.bad{color:#b3261e}.good{color:#18692f}.dim{color:#59616b}h1{font-size:1.4rem}h2{font-size:1.1rem}`;

/** The explorer's pages: `/`, `/account/<address>`, `/tx/<hash>` and `/block/<seqno>`. Plain HTML, nothing to load. */
export function explorer(chain: Chain, wallets: NamedWallet[], contracts: () => SeededContract[]): Api {
    const pages = new Pages(chain, wallets, contracts);
    return {
        prefix: [],
        handle({ method, path: [kind, id = '', ...rest], query }) {
            if (method !== 'GET' || rest.length > 0) {
                throw new RequestError(404, 'There is no such page.');
            }
            switch (kind) {
                case undefined:
                    return page('Devnet', pages.overview());
                case 'account':
                    return page('Account', pages.account(parseAddress(id), new Params(query)));
                case 'tx':
                    return page('Transaction', pages.transaction(parseHash(id)));
                case 'block':
                    return page(
                        'Block',
                        pages.block(new Params({ seqno: id }).integer('seqno', { min: 1, max: 2 ** 31 })),
                    );
                default:
                    throw new RequestError(404, 'There is no such page.');
            }
        },
        fail: (error) => ({
            ...page(
                'Error',
                html`<h1>${error.status}</h1>
                    <p>${error.message}</p>`,
            ),
            status: error.status,
        }),
    };
}

function page(title: string, content: Html): { html: string } {
    const { text } = html`<!doctype html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width" />
                <title>${title} - devnet</title>
                <style>
                    ${STYLE}
                </style>
            </head>
            <body>
                <p><a href="/">Devnet</a> <span class="dim">a local chain: its coins are worth nothing</span></p>
                ${content}
            </body>
        </html>`;
    return { html: text };
}

const coins = (amount: bigint): string => `${fromNano(amount)} ${COIN}`;
const clock = (time: number): string => new Date(time * 1000).toISOString().replace('T', ' ').slice(0, 19);

class Pages {
    private readonly wallets = new Map<string, string>([
        [FAUCET.toRawString(), 'faucet'],
        [CONFIG_ADDRESS.toRawString(), 'config'],
    ]);

    constructor(
        private readonly chain: Chain,
        wallets: NamedWallet[],
        private readonly contracts: () => SeededContract[],
    ) {
        for (const { name, v4r2, v5r1 } of wallets) {
            this.wallets.set(v4r2.address.toRawString(), `${name} (v4r2)`);
            this.wallets.set(v5r1.address.toRawString(), `${name} (v5r1)`);
        }
    }

    overview(): Html {
        const { chain } = this;
        const newest = chain.blocks
            .slice(-PAGE)
            .flatMap(({ transactions }) => transactions)
            .reverse()
            .slice(0, PAGE);
        const accounts = chain.accounts().sort((a, b) => Number((b.last?.lt ?? 0n) - (a.last?.lt ?? 0n)));
        return html`<h1>Devnet</h1>
            <p>
                Block ${this.blockLink(chain.last.seqno)}, the chain's time is ${clock(chain.now)} UTC (${chain.now}).
            </p>
            ${this.contractTable()}
            <h2>Last transactions</h2>
            ${this.transactionTable(newest)}
            <h2>Accounts</h2>
            <table>
                <tr>
                    <th>Account</th>
                    <th>State</th>
                    <th>Balance</th>
                </tr>
                ${join(accounts.slice(0, MAX_ACCOUNTS).map((state) => this.accountRow(state)))}
            </table>
            ${accounts.length > MAX_ACCOUNTS ? html`<p>${accounts.length - MAX_ACCOUNTS} more are not shown.</p>` : ''}`;
    }

    account(address: Address, params: Params): Html {
        const state = this.chain.account(address);
        const before = params.has('before') ? params.bigint('before') : null;
        const all = this.chain.transactionsOf(address);
        const older = before === null ? all : all.filter(({ lt }) => lt < before);
        const shown = older.slice(-PAGE).reverse();
        const last = shown.at(-1);
        return html`<h1>${this.labelOf(address) ?? 'Account'}</h1>
            <table>
                <tr>
                    <th>Address</th>
                    <td><code>${address.toString()}</code></td>
                </tr>
                <tr>
                    <th>Not bounceable</th>
                    <td><code>${address.toString({ bounceable: false })}</code></td>
                </tr>
                <tr>
                    <th>Raw</th>
                    <td><code>${address.toRawString()}</code></td>
                </tr>
                <tr>
                    <th>State</th>
                    <td>${state.status}</td>
                </tr>
                <tr>
                    <th>Balance</th>
                    <td>${coins(state.balance)}</td>
                </tr>
                <tr>
                    <th>Code hash</th>
                    <td><code>${state.contract?.code.hash().toString('hex') ?? 'none'}</code></td>
                </tr>
            </table>
            <h2>Transactions: ${all.length}</h2>
            ${this.transactionTable(shown)}
            ${last && older.length > PAGE ? html`<p><a href="?before=${last.lt}">Older</a></p>` : ''}`;
    }

    block(seqno: number): Html {
        const block = this.chain.block(seqno);
        if (!block) {
            throw new RequestError(404, `There is no block ${seqno}: the last one is ${this.chain.last.seqno}.`);
        }
        return html`<h1>Block ${seqno}</h1>
            <p>
                ${clock(block.now)} UTC (${block.now}).
                ${seqno > 1 ? html`<a href="/block/${seqno - 1}">Before</a>` : ''}
                ${this.chain.block(seqno + 1) ? html`<a href="/block/${seqno + 1}">After</a>` : ''}
            </p>
            ${this.transactionTable(block.transactions)}`;
    }

    transaction(hash: Buffer): Html {
        const entry = this.chain.transaction(hash);
        if (!entry) {
            throw new RequestError(404, 'There is no such transaction.');
        }
        const { transaction, account, lt, seqno, inMessage, outMessages, trace } = entry;
        const inTrace = this.chain.block(seqno)?.transactions.filter((other) => other.trace.equals(trace)) ?? [];
        const { description } = transaction;
        const compute =
            description.type === 'generic' && description.computePhase.type === 'vm' ? description.computePhase : null;
        return html`<h1>Transaction</h1>
            <table>
                <tr>
                    <th>Hash</th>
                    <td><code>${hash.toString('hex')}</code></td>
                </tr>
                <tr>
                    <th>Account</th>
                    <td>${this.accountLink(account)}</td>
                </tr>
                <tr>
                    <th>Block, logical time</th>
                    <td>${this.blockLink(seqno)}, ${lt}</td>
                </tr>
                <tr>
                    <th>Time</th>
                    <td>${clock(transaction.now)} UTC (${transaction.now})</td>
                </tr>
                <tr>
                    <th>Outcome</th>
                    <td>${this.outcome(entry)}</td>
                </tr>
                <tr>
                    <th>Gas used</th>
                    <td>${compute ? `${compute.gasUsed} units, ${coins(compute.gasFees)}` : 'none'}</td>
                </tr>
                <tr>
                    <th>Fees</th>
                    <td>${coins(transaction.totalFees.coins)}</td>
                </tr>
            </table>
            <h2>Message in</h2>
            ${inMessage ? this.messageTable([inMessage]) : html`<p>None.</p>`}
            <h2>Messages out: ${outMessages.length}</h2>
            ${outMessages.length > 0 ? this.messageTable(outMessages) : ''}
            <h2>All that followed from one message</h2>
            ${this.transactionTable(inTrace)}`;
    }

    private contractTable(): Html | string {
        const contracts = this.contracts();
        return contracts.length === 0
            ? ''
            : html`<h2>Contracts of the seed</h2>
                  <table>
                      <tr>
                          <th>Name</th>
                          <th>Kind</th>
                          <th>What</th>
                      </tr>
                      ${join(
                          contracts.map(
                              ({ name, kind, address, note }) =>
                                  html`<tr>
                                      <td><a href="/account/${address}">${name}</a></td>
                                      <td>${kind}</td>
                                      <td>${note}</td>
                                  </tr>`,
                          ),
                      )}
                  </table>`;
    }

    private transactionTable(transactions: ChainTransaction[]): Html {
        return html`<table>
            <tr>
                <th>Transaction</th>
                <th>Time</th>
                <th>From</th>
                <th>To</th>
                <th>Message</th>
                <th>Amount</th>
                <th>Outcome</th>
            </tr>
            ${join(transactions.map((entry) => this.transactionRow(entry)))}
        </table>`;
    }

    private transactionRow(entry: ChainTransaction): Html {
        const { account, hash, transaction, inMessage } = entry;
        const hex = hash.toString('hex');
        return html`<tr>
            <td>
                <a href="/tx/${hex}"><code>${hex.slice(0, 8)}</code></a>
            </td>
            <td>${clock(transaction.now)}</td>
            ${
                inMessage
                    ? this.messageCells(inMessage, account)
                    : html`<td></td>
                          <td>${this.accountLink(account)}</td>
                          <td></td>
                          <td></td>`
            }
            <td>${this.outcome(entry)}</td>
        </tr>`;
    }

    private messageTable(messages: Cell[]): Html {
        return html`<table>
            <tr>
                <th>From</th>
                <th>To</th>
                <th>Message</th>
                <th>Amount</th>
            </tr>
            ${join(
                messages.map(
                    (message) =>
                        html`<tr>
                            ${this.messageCells(message, null)}
                        </tr>`,
                ),
            )}
        </table>`;
    }

    private messageCells(cell: Cell, account: Address | null): Html {
        const { info, body } = loadMessage(cell.beginParse());
        const [from, to, value] =
            info.type === 'internal'
                ? [info.src, info.dest, info.value.coins]
                : info.type === 'external-in'
                  ? [null, info.dest, null]
                  : [info.src, null, null];
        // What is sent to a wallet from outside is the wallet's own language, and no op
        const kind =
            info.type === 'internal'
                ? bodyText(body)
                : html`<span class="dim">${info.type === 'external-in' ? 'external' : 'event'}</span>`;
        return html`<td>${from ? this.accountLink(from) : html`<span class="dim">outside</span>`}</td>
            <td>
                ${to ? this.accountLink(to) : account ? this.accountLink(account) : html`<span class="dim">outside</span>`}
            </td>
            <td>${kind}</td>
            <td class="n">${value === null ? '' : coins(value)}</td>`;
    }

    private outcome({ transaction, account, seqno }: ChainTransaction): Html {
        const { description } = transaction;
        if (description.type !== 'generic') {
            return html`${description.type}`;
        }
        const { computePhase, actionPhase } = description;
        if (computePhase.type === 'skipped') {
            return html`<span class="dim">no contract ran (${computePhase.reason})</span>`;
        }
        const code = this.chain.account(account, seqno).contract?.code ?? null;
        if (!computePhase.success) {
            const name = namedExitCode(computePhase.exitCode, code);
            return html`<span class="bad">exit code ${computePhase.exitCode} (${name})</span>`;
        }
        if (actionPhase && !actionPhase.success) {
            const name = namedExitCode(actionPhase.resultCode, null);
            return html`<span class="bad">actions failed: ${actionPhase.resultCode} (${name})</span>`;
        }
        return html`<span class="good">ok</span>`;
    }

    private accountRow(state: AccountState): Html {
        return html`<tr>
            <td>${this.accountLink(state.address)}</td>
            <td>${state.status}</td>
            <td class="n">${coins(state.balance)}</td>
        </tr>`;
    }

    private accountLink(address: Address): Html {
        const text = address.toString();
        return html`<a href="/account/${text}"
            >${this.labelOf(address) ?? html`<code>${text.slice(0, 6)}…${text.slice(-6)}</code>`}</a
        >`;
    }

    private blockLink(seqno: number): Html {
        return html`<a href="/block/${seqno}">${seqno}</a>`;
    }

    private labelOf(address: Address): string | null {
        const text = address.toString();
        const seeded = this.contracts().find((contract) => contract.address === text);
        return seeded?.name ?? this.wallets.get(address.toRawString()) ?? null;
    }
}

/** What a body says: the text of a comment, or the op by its name. */
function bodyText(body: Cell): Html {
    const op = bodyOp(body);
    if (op === null) {
        return body.bits.length === 0 && body.refs.length === 0 ? html`<span class="dim">empty</span>` : html`no op`;
    }
    const comment = commentOf(body);
    if (comment !== null) {
        return html`comment “${comment}”`;
    }
    if (op === BOUNCED && body.bits.length >= 64) {
        return html`bounced: ${opText(body.beginParse().skip(32).loadUint(32))}`;
    }
    return html`${opText(op)}`;
}

const opText = (op: number): string => opName(op) ?? `op 0x${op.toString(16).padStart(8, '0')}`;
