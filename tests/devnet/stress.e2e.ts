import { DevnetProcess } from '../helpers/devnet';
import { stress } from './stress';

// No part of `npm test`: `npm run e2e` runs it
describe('200 clients for 30 seconds', () => {
    let devnet: DevnetProcess;
    beforeAll(async () => {
        devnet = await DevnetProcess.start();
    });
    afterAll(() => devnet.stop());

    it('have every message that was acknowledged on the chain exactly once', async () => {
        const report = await stress(devnet, { clients: 200, seconds: 30 });
        const { acknowledged, transactions, blocks, ...faults } = report;
        expect(faults).toEqual({ refused: [], lost: [], repeated: [], unknown: [], wrongSeqno: [], disorder: [] });
        expect(transactions).toBe(14 + 200 + 2 * acknowledged);
        process.stdout.write(`${acknowledged} messages, ${transactions} transactions in ${blocks} blocks\n`);
    }, 300_000);
});
