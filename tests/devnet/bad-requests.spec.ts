import { connect } from 'node:net';

import { beginCell, Cell, serializeTuple } from '@ton/core';

import { DevnetProcess } from '../helpers/devnet';
import { Random } from '../helpers/random';

const GOOD = `0:${'11'.repeat(32)}`;
const HASH = 'ab'.repeat(32);
const CELL = Cell.EMPTY.toBoc().toString('base64');
const MEBIBYTE = 1024 * 1024;

/** A call of v2 and the reason that it gets. */
const V2: [method: string, params: unknown, reason: RegExp][] = [
    ['noSuchMethod', {}, /no method "noSuchMethod"/],
    ['toString', {}, /no method/],
    ['__proto__', {}, /no method/],
    ['getAddressInformation', {}, /address is missing/],
    ['getAddressInformation', [GOOD], /no object/],
    ['getAddressInformation', 'text', /no object/],
    ['getAddressInformation', { address: 'EQ' }, /no address/],
    ['getAddressInformation', { address: 12n.toString() }, /no address/],
    ['getAddressInformation', { address: { a: 1 } }, /missing or no text/],
    ['getAddressInformation', { address: `${'E'.repeat(100_000)}` }, /no address: "E{80}…"/],
    ['getAddressBalance', { address: '9:zz' }, /no address/],
    ['detectAddress', { address: 'nothing' }, /no address/],
    ['runGetMethod', { address: GOOD }, /method is missing/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: {} }, /stack is no list/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: [1] }, /Entry 0 of the stack/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: [['num']] }, /no whole number/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: [['num', '1.5']] }, /no whole number/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: [['num', `0x1${'0'.repeat(64)}`]] }, /no whole number/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: [['cell', '!']] }, /no bag of cells/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: [['tvm.Slice', 5]] }, /no cell in base64/],
    ['runGetMethod', { address: GOOD, method: 'x', stack: [['dog', '1']] }, /has the type "dog"/],
    ['runGetMethod', { address: GOOD, method: 'x', seqno: 10_000 }, /seqno is no whole number of 1 to/],
    ['sendBoc', {}, /boc is missing/],
    ['sendBoc', { boc: 7 }, /no bag of cells/],
    ['sendBoc', { boc: 'AAAA' }, /no bag of cells/],
    ['sendBoc', { boc: Cell.EMPTY.toBoc().subarray(0, 10).toString('base64') }, /no bag of cells/],
    ['sendBoc', { boc: CELL }, /no message/],
    ['sendBocReturnHash', { boc: CELL }, /no message/],
    ['estimateFee', { address: GOOD, body: 'x' }, /no bag of cells/],
    ['estimateFee', { address: GOOD, body: CELL, ignore_chksig: true }, /no contract at/],
    ['getTransactions', { address: GOOD, limit: 0 }, /limit is no whole number/],
    ['getTransactions', { address: GOOD, limit: 'many' }, /limit is no whole number/],
    ['getTransactions', { address: GOOD, lt: 'x' }, /lt is no whole number/],
    ['getTransactions', { address: GOOD, lt: -1 }, /lt is no whole number/],
    ['getTransactions', { address: GOOD, hash: HASH }, /hash comes with lt/],
    ['getTransactions', { address: GOOD, lt: 1, hash: 'short' }, /no hash of 32 bytes/],
    ['getTransactions', { address: GOOD, lt: 1, hash: HASH }, /cannot locate transaction/],
    ['tryLocateTx', { source: GOOD, destination: GOOD, created_lt: 1 }, /No transaction/],
    ['tryLocateResultTx', { source: GOOD, destination: GOOD }, /created_lt is missing/],
    ['shards', { seqno: 0 }, /seqno is no whole number/],
    ['shards', { seqno: 10_000 }, /no block 10000/],
    ['getBlockHeader', { workchain: 5, seqno: 1 }, /workchain is no whole number/],
    ['getBlockTransactions', { workchain: 0, shard: '7', seqno: 1 }, /no shard 7/],
    ['lookupBlock', { workchain: 0, seqno: 10_000 }, /no block/],
    ['lookupBlock', { workchain: 0, lt: '9'.repeat(30) }, /no such block/],
    ['getConfigParam', { config_id: 9_999 }, /no param 9999/],
];

/** A path of another API, its status and the reason that it gets. */
const PATHS: [path: string, status: number, reason: RegExp][] = [
    ['/api/v2', 404, /no method ""/],
    ['/api/v2/jsonRPC', 422, /method is missing/],
    ['/api/v2/getAddressInformation?address=x', 422, /no address/],
    ['/api/v2/getAddressInformation/more', 404, /serves/],
    ['/api/v2/%ff', 400, /path/],
    ['/api/v4', 404, /no such call/],
    ['/api/v4/block/x', 422, /seqno/],
    ['/api/v4/block/-1', 422, /seqno/],
    ['/api/v4/block/10000/config', 404, /no block 10000/],
    ['/api/v4/block/1/config/x', 422, /id is no whole number/],
    ['/api/v4/block/1/nobody', 422, /no address/],
    [`/api/v4/block/1/${GOOD}/fly`, 404, /no such call/],
    [`/api/v4/block/1/${GOOD}/changed/x`, 422, /lt/],
    [`/api/v4/block/1/${GOOD}/run/x/AAAA`, 422, /no bag of cells/],
    [
        `/api/v4/block/1/${GOOD}/run/x/${Buffer.from(beginCell().storeUint(1, 24).endCell().toBoc()).toString('base64url')}`,
        422,
        /no stack/,
    ],
    ['/api/v4/block/utime/soon', 422, /utime/],
    [`/api/v4/account/${GOOD}/tx/1/xx`, 422, /no hash/],
    [`/api/v4/account/${GOOD}/tx/1/${HASH}`, 404, /no such transaction/],
    [`/api/v4/account/${GOOD}/tx/parsed/1/${HASH}?count=0`, 422, /count/],
    ['/api/v4/send', 404, /no such call/],
    ['/api/v3/jetton/masters', 501, /serves/],
    ['/api/v3/nft/items?owner_address=x', 422, /no address/],
    ['/api/v3/nft/items?include_on_sale=true', 501, /include_on_sale/],
    ['/api/v3/nft/items?limit=5000', 422, /limit/],
    [`/api/v3/transactions?account=${GOOD}&sort=up`, 422, /asc or desc/],
    ['/api/v3/transactions?lt=x', 422, /lt/],
    ['/devnet/nothing', 404, /There are/],
    ['/devnet/faucet', 405, /POST/],
];

/** What is posted to the devnet's own calls, or to others that take a body. */
const POSTS: [path: string, body: unknown, status: number, reason: RegExp][] = [
    ['/api/v2/jsonRPC', '', 422, /method is missing/],
    ['/api/v2/jsonRPC', '{', 400, /no JSON/],
    ['/api/v2/jsonRPC', 'null', 422, /method is missing/],
    ['/api/v2/jsonRPC', '[]', 422, /no object/],
    ['/api/v2/jsonRPC', { method: {}, params: {} }, 422, /method is missing/],
    ['/api/v2/sendBoc', '\u0000', 400, /no JSON/],
    ['/api/v4/send', { boc: '' }, 422, /boc is missing/],
    ['/api/v4/send', { boc: CELL }, 422, /no message/],
    ['/api/v3/transactions', {}, 501, /serves GET/],
    ['/devnet/faucet', {}, 422, /address is missing/],
    ['/devnet/faucet', { address: GOOD, amount: '0' }, 422, /amount/],
    ['/devnet/faucet', { address: GOOD, amount: '-5' }, 422, /amount/],
    ['/devnet/faucet', { address: GOOD, amount: '1.5' }, 422, /amount/],
    ['/devnet/faucet', { address: GOOD, amount: '9'.repeat(40) }, 422, /amount/],
    ['/devnet/faucet', { address: `5:${'11'.repeat(32)}`, amount: '1' }, 422, /workchain/],
    ['/devnet/time', {}, 422, /advance is missing/],
    ['/devnet/time', { advance: -1 }, 422, /advance/],
    ['/devnet/time', { advance: 1e12 }, 422, /advance/],
    ['/devnet/time', { to: 1 }, 422, /to is no whole number/],
    ['/devnet/info', {}, 404, /There are/],
];

describe('A bad request gets a reason, and the devnet goes on', () => {
    let devnet: DevnetProcess;
    beforeAll(async () => {
        devnet = await DevnetProcess.start();
    });
    afterAll(() => devnet.stop());
    afterEach(async () => {
        expect(await devnet.info()).toMatchObject({ seqno: 1 });
    });

    const errorOf = (json: unknown): string => (json as { error: string }).error;

    it.each(V2)('v2 %s %j', async (method, params, reason) => {
        const { status, json } = await devnet.post('/api/v2/jsonRPC', { id: 7, jsonrpc: '2.0', method, params });
        expect(status === 404 || status === 422).toBe(true);
        expect(json).toMatchObject({ ok: false, code: status, id: 7, jsonrpc: '2.0' });
        expect(errorOf(json)).toMatch(reason);
    });

    it.each(PATHS)('GET %s is %d', async (path, expected, reason) => {
        const { status, json } = await devnet.get(path);
        expect([status, errorOf(json)]).toEqual([expected, expect.stringMatching(reason)]);
    });

    it.each(POSTS)('POST %s %j is %d', async (path, body, expected, reason) => {
        const { status, json } = await devnet.post(path, body);
        expect([status, errorOf(json)]).toEqual([expected, expect.stringMatching(reason)]);
    });

    it('a body over one MiB is 413, one of one MiB is read', async () => {
        const envelope = JSON.stringify({ boc: '' }).length;
        const [most, over] = [MEBIBYTE, MEBIBYTE + 1].map((length) => ({ boc: 'A'.repeat(length - envelope) }));
        expect(await devnet.post('/api/v2/sendBoc', most)).toMatchObject({ status: 422 });
        const answer = await devnet.post('/api/v2/sendBoc', over);
        expect(answer).toMatchObject({ status: 413, json: { ok: false, code: 413 } });
    });

    it('other methods are 405, and front ends of other origins may ask', async () => {
        const put = await fetch(`${devnet.url}/devnet/faucet`, { method: 'PUT' });
        expect(put.status).toBe(405);
        const options = await fetch(`${devnet.v2}`, { method: 'OPTIONS' });
        expect([options.status, options.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
        expect(options.headers.get('access-control-allow-headers')).toBe('*');
    });

    it('bytes that are no HTTP are 400, and a client may leave at any time', async () => {
        const { hostname, port } = new URL(devnet.url);
        const talk = (text: string, leave: boolean): Promise<string> =>
            new Promise((resolve, reject) => {
                let heard = '';
                const socket = connect(Number(port), hostname, () => {
                    socket.write(text);
                    if (leave) {
                        setTimeout(() => socket.destroy(), 20);
                    }
                });
                socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
                socket.on('close', () => resolve(heard));
                socket.on('error', reject);
            });
        expect(await talk('\u0001\u0002 nothing\r\n\r\n', false)).toMatch(/^HTTP\/1.1 400/);
        expect(await talk(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, false)).toMatch(/^HTTP\/1.1 431/);
        await talk('POST /api/v2/sendBoc HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"boc', true);
        await talk('GET /devnet/info HTTP/1.1\r\nHost: x\r\n\r\n', true);
    });

    it('random cells as messages and random stacks are refused or run', async () => {
        const random = new Random('bad requests');
        for (let round = 0; round < 60; round += 1) {
            const boc = random.cell().toBoc();
            const sent = await devnet.post('/api/v2/sendBoc', { boc: boc.toString('base64') });
            expect(sent.status).toBe(422);
            boc.writeUInt8(random.below(256), random.below(boc.length));
            expect((await devnet.post('/api/v4/send', { boc: boc.toString('base64') })).status).toBe(422);
            const args = serializeTuple([{ type: 'slice', cell: random.cell() }]).toBoc();
            args.writeUInt8(random.below(256), random.below(args.length));
            const run = await devnet.get(`/api/v4/block/1/${GOOD}/run/x/${args.toString('base64url')}`);
            expect([200, 422]).toContain(run.status);
        }
    });
});
