import { Address, toNano } from '@ton/core';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { InlineConfig, Plugin } from 'vite';

import { VOUCHER_COLUMNS } from '../cli/vouchers';
import { startDevnet, type Devnet } from '../devnet/server';
import { walletOf } from '../devnet/wallets';
import { encodeOwnerCertificate, encodeVoucher, signOwnerCertificate, signVoucher } from '../wrappers';
import { DevWallet } from './app/wallet';

const USAGE = `npm run app -- [options]: starts the devnet with its seed, and the example front end on it
  --port N           of the page (8080); 0: any that is free
  --devnet-port N    of the devnet (8081); 0: any that is free
  --watch            serves the sources, and the page follows their changes
`;

const root = join(__dirname, '..');

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            port: { type: 'string', default: '8080' },
            'devnet-port': { type: 'string', default: '8081' },
            watch: { type: 'boolean', default: false },
            help: { type: 'boolean', default: false },
        },
    });
    const [port, devnetPort] = [Number(values.port), Number(values['devnet-port'])];
    if (values.help || ![port, devnetPort].every((number) => Number.isInteger(number) && number >= 0)) {
        process.stdout.write(USAGE);
        process.exitCode = values.help ? 0 : 2;
        return;
    }
    print('Starting the devnet, and building the page...');
    const devnet = await startDevnet({
        host: '127.0.0.1',
        port: devnetPort,
        prices: null,
        manualBlocks: false,
        state: null,
        seed: true,
    });
    const signed = await signedTexts(devnet);
    const { build, createServer, preview } = await import('vite');
    // Another app that is built meanwhile would take away the files of this one
    const outDir = mkdtempSync(join(tmpdir(), 'gramhouse-app-'));
    process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
    const config: InlineConfig = {
        configFile: join(root, 'app', 'vite.config.ts'),
        logLevel: 'warn',
        plugins: [onDevnet(devnet, signed)],
        build: { outDir },
    };
    const address = { port, host: '127.0.0.1', strictPort: port !== 0 };
    const server = values.watch
        ? await (await createServer({ ...config, server: address })).listen()
        : (await build(config), await preview({ ...config, preview: address }));
    print(`Explorer on ${devnet.url}/`);
    const url = server.resolvedUrls?.local[0] ?? '';
    print(`App on ${url}`);
    print(`With the certificate of ${url}certificate.txt carol registers as the owner of channel 3.`);
    const stop = (): void => void Promise.all([server.close(), devnet.close()]).then(() => process.exit(0));
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    // A test that has started this process is gone
    process.once('disconnect', stop);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const addressOf = ({ contracts }: Devnet, name: string): string =>
    contracts.find((one) => one.name === name)?.address ?? '';

type SignedTexts = { vouchers: string; certificate: string };

/** What the seed's operator would publish: a voucher for bob's half of what was charged, and a certificate for carol. */
async function signedTexts(devnet: Devnet): Promise<SignedTexts> {
    const target = (channel: string) => ({
        globalId: -239,
        network: Address.parse(addressOf(devnet, 'ads')),
        account: Address.parse(addressOf(devnet, channel)),
        signer: walletOf(devnet.wallets, 'signer').secretKey,
    });
    const voucher = await signVoucher({ ...target('channel2'), payeeId: 2n, cumulative: toNano('10') });
    const certificate = await signOwnerCertificate({
        ...target('channel3'),
        payeeId: 3n,
        owner: walletOf(devnet.wallets, 'carol').v5r1.address,
        validUntil: Math.floor(Date.now() / 1000) + 365 * 86_400,
    });
    const line = [voucher.payeeId, voucher.cumulative, encodeVoucher(voucher)];
    return {
        vouchers: `${VOUCHER_COLUMNS.join()}\n${line.join()}\n`,
        certificate: `${encodeOwnerCertificate(certificate)}\n`,
    };
}

/** What a page on the devnet needs beside its own files: the configuration, the operator's texts, and a wallet. */
function onDevnet(devnet: Devnet, { vouchers, certificate }: SignedTexts): Plugin {
    const wallet = new DevWallet(devnet.url, devnet.wallets);
    const files: Record<string, (origin: string) => [type: string, text: string]> = {
        '/config.json': () => [
            'application/json',
            JSON.stringify({
                network: '-239',
                apiV2: `${devnet.url}/api/v2`,
                apiV3: `${devnet.url}/api/v3`,
                transactionUrl: `${devnet.url}/tx/{hash}`,
                collection: addressOf(devnet, 'collection'),
                adNetwork: addressOf(devnet, 'ads'),
                vouchersUrl: 'vouchers.csv',
            }),
        ],
        '/tonconnect-manifest.json': (url) => [
            'application/json',
            JSON.stringify({ url, name: 'Gramhouse', iconUrl: `${url}/icon.svg` }),
        ],
        '/vouchers.csv': () => ['text/csv', vouchers],
        '/certificate.txt': () => ['text/plain', certificate],
        '/dev-wallet.js': () => ['text/javascript', readFileSync(join(__dirname, 'app', 'wallet-page.js'), 'utf8')],
    };
    const actions: Record<string, (body: never) => unknown> = {
        '/dev-wallet/account': (body) => wallet.account(body),
        '/dev-wallet/send': (body) => wallet.send(body),
    };
    const handle = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
        const path = (request.url ?? '').replace(/\?.*/s, '');
        const file = Object.hasOwn(files, path) ? files[path] : undefined;
        const action = Object.hasOwn(actions, path) ? actions[path] : undefined;
        if (file) {
            const [type, text] = file(`http://${request.headers.host ?? ''}`);
            response.writeHead(200, { 'Content-Type': type }).end(text);
        } else if (action && request.method === 'POST') {
            void answer(request, response, action);
        } else {
            next();
        }
    };
    return {
        name: 'devnet',
        transformIndexHtml: () => [{ tag: 'script', attrs: { src: './dev-wallet.js' }, injectTo: 'head-prepend' }],
        configureServer: ({ middlewares }) => void middlewares.use(handle),
        configurePreviewServer: ({ middlewares }) => void middlewares.use(handle),
    };
}

async function answer(request: IncomingMessage, response: ServerResponse, action: (body: never) => unknown) {
    const send = (status: number, json: unknown): void =>
        void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
    try {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) {
            chunks.push(chunk);
        }
        send(200, await action(JSON.parse(Buffer.concat(chunks).toString()) as never));
    } catch (error) {
        send(422, { error: error instanceof Error ? error.message : String(error) });
    }
}

main().catch((error: unknown) => {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    process.stderr.write(`${line}\n`);
    process.exit(1);
});
