import { readFileSync } from 'node:fs';

import type { Address } from '@ton/core';

import { checkDeployable, deploymentsPath, sourceCommit, writeDeployment } from '../../cli/deployments';
import type { Session } from '../../cli/session';
import { script } from '../../cli/session';
import { readSigner } from '../../cli/signer';
import { COLLECTION, describeOpenTerms, royaltyText, table } from '../../cli/usernames';
import { coins, parseAddress, parseCoins, parseHex, parsePercent, parseSpan, Refusal } from '../../cli/words';
import { compileContract } from '../../compilables/compile';
import type { NetworkPrices } from '../../wrappers/common/prices';
import type { OpenTerms, Royalty } from '../../wrappers/usernames';
import { checkOpenTerms, checkRoyalty, encodeDomain, uriContent, UsernameCollection } from '../../wrappers/usernames';

const TERMS_KEYS = ['prices', 'step', 'extend', 'duration', 'prefix', 'beneficiary'];
const DEFAULT_VALUE = 100_000_000n;

/** Deploys a collection and writes its address to deployments/<network>.json. */
export const run = script(
    {
        keys: [
            'domain',
            'content',
            'royalty',
            'royaltyTo',
            'signer',
            'admin',
            'subwallet',
            'value',
            'terms',
            ...TERMS_KEYS,
        ],
        flags: ['paused', 'replace', 'high'],
    },
    async (session) => {
        const { provider, network } = session;
        const { prices } = await session.config();
        await checkDeployable(session, COLLECTION, 'a collection');

        const domain = await session.required(
            'domain',
            'the zone of the names, for example domain=names.ton',
            parseDomain,
        );
        const content = await session.required('content', "the URI of the collection's metadata", parseUri);
        const admin = session.optional('admin', parseAddress) ?? session.requireWallet();
        const royalty: Royalty = {
            ...(await session.required('royalty', 'percent of every sale, for example royalty=5', parseRoyalty)),
            destination: session.optional('royaltyTo', parseAddress) ?? admin,
        };
        checkRoyalty(royalty);
        const openTerms = readOpenTerms(session, admin, prices);
        const config = {
            paused: session.words.has('paused'),
            subwalletId: session.optional('subwallet', parseNumber) ?? 0,
            publicKey: await readPublicKey(session),
            itemCode: await compileContract('UsernameItem'),
            admin,
            pendingAdmin: null,
            pendingPublicKey: null,
            content: uriContent(content),
            openTerms,
            royalty,
            domain,
        };
        const code = await compileContract(COLLECTION);
        const { address, init } = UsernameCollection.createFromConfig(config, code);

        session.print(
            `A collection of usernames under ${domain}`,
            ...table([
                ['address', session.text(address)],
                ['code hash', code.hash().toString('hex')],
                ['commit', sourceCommit() ?? 'unknown'],
                ['admin', session.person(admin)],
                ['signer', config.publicKey.toString('hex')],
                ['royalty', royaltyText(session, royalty)],
                ['content', content],
                ['minting', config.paused ? 'paused' : 'running'],
                ...describeOpenTerms(session, openTerms),
            ]),
            '',
        );
        const deployed = provider.open(UsernameCollection.createFromAddress(address));
        if ((await provider.isContractDeployed(address)) && (await deployed.getState()).isToppedUp) {
            session.print('It is deployed already: nothing was sent.');
        } else {
            const value = session.optional('value', parseCoins) ?? DEFAULT_VALUE;
            session.requireSane('value', value, DEFAULT_VALUE);
            await session.carryOut({
                to: address,
                value,
                body: UsernameCollection.topUpMessage(),
                init,
                cost: 'All of it stays in the collection for its rent.',
            });
            session.print(`Deployed ${session.text(address)} with ${coins(value)}.`);
        }
        writeDeployment(network, COLLECTION, address, code);
        session.print(`Written to ${deploymentsPath(network)}.`);
        session.next('show', [], 'check what it says of itself.');
    },
);

async function readPublicKey(session: Session): Promise<Buffer> {
    const given = session.optional('signer', (text, key) => parseHex(text, key, 32));
    const signer = given ?? (await readSigner())?.publicKey;
    if (!signer) {
        throw new Refusal('Whose orders mint? Give signer= (a public key, 64 hex digits), or set SIGNER_MNEMONIC.');
    }
    return signer;
}

function parseDomain(text: string): string {
    encodeDomain(text);
    return text;
}

function parseUri(text: string, key: string): string {
    if (!/^(https?|ipfs|tonstorage):\/\/\S+$/.test(text)) {
        throw new Refusal(`${key}=${text} is no URI: write for example ${key}=https://names.example/collection.json.`);
    }
    return text;
}

function parseNumber(text: string, key: string): number {
    if (!/^\d{1,9}$/.test(text)) {
        throw new Refusal(`${key}=${text} is no whole number: write for example ${key}=1.`);
    }
    return Number(text);
}

function parseRoyalty(text: string, key: string): { numerator: number; denominator: number } {
    if (!/^\d{1,2}(\.\d{1,2})?$/.test(text)) {
        throw new Refusal(`${key}=${text} is no percentage: write for example ${key}=5 or ${key}=2.5.`);
    }
    return { numerator: Math.round(Number(text) * 100), denominator: 10_000 };
}

/** Start prices by length, `4:100,5:20,8:2`. */
function parsePrices(text: string, key: string): Record<number, bigint> {
    const prices: Record<number, bigint> = {};
    for (const entry of text.split(',')) {
        const [, length, price] = /^(\d{1,2}):(.+)$/.exec(entry) ?? [];
        if (length === undefined || price === undefined || Number(length) > 32) {
            throw new Refusal(`${key}=${text} are no prices by length: write for example ${key}=4:100,5:20,8:2.`);
        }
        prices[Number(length)] = parseCoins(price, key);
    }
    return prices;
}

/** The terms of open minting, from the words or, where these are missing, from the JSON of the file terms=. */
function readOpenTerms(session: Session, admin: Address, networkPrices: NetworkPrices): OpenTerms | null {
    const file = readTermsFile(session);
    const read = <T>(key: string, parse: (text: string, key: string, network: string) => T): T | undefined => {
        const text = session.words.get(key) ?? file[key];
        return text === undefined ? undefined : parse(text, key, session.network);
    };
    const prices = read('prices', parsePrices);
    const prefix = read('prefix', parseUri);
    if (!prices) {
        const word = TERMS_KEYS.find((key) => session.words.get(key) ?? file[key]);
        if (word !== undefined) {
            throw new Refusal(
                `${word}= says how anyone may mint, and prices= is missing: write prices=4:100,5:20,8:2.`,
            );
        }
        return null;
    }
    if (prefix === undefined) {
        throw new Refusal("prefix= is missing: what the URI of a name's metadata starts with; NAME.json follows.");
    }
    const terms = {
        prices,
        contentPrefix: prefix,
        beneficiary: read('beneficiary', parseAddress) ?? admin,
        minBidStep: read('step', parsePercent) ?? 5,
        minExtendTime: read('extend', parseSpan) ?? 3600,
        duration: read('duration', parseSpan) ?? 7 * 86400,
    };
    checkOpenTerms(terms, networkPrices);
    return terms;
}

/** A JSON object whose keys are the words of the terms and whose values are strings. */
function readTermsFile(session: Session): Record<string, string> {
    const path = session.words.get('terms');
    if (path === undefined) {
        return {};
    }
    let terms: unknown;
    try {
        terms = JSON.parse(readFileSync(path, 'utf8'));
    } catch {
        throw new Refusal(`terms=${path} is no file with JSON: correct the path or the file.`);
    }
    const entries = Object.entries(Object(terms) as object) as [string, unknown][];
    const wrong = entries.find(([key, value]) => !TERMS_KEYS.includes(key) || typeof value !== 'string');
    if (wrong) {
        throw new Refusal(`${path}: ${wrong[0]} is wrong; the keys are ${TERMS_KEYS.join(', ')}, each with a text.`);
    }
    return Object.fromEntries(entries as [string, string][]);
}
