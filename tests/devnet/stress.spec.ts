import { DevnetProcess } from '../helpers/devnet';
import { stress } from './stress';

describe('many clients at once (npm run e2e has 200 for half a minute)', () => {
    let devnet: DevnetProcess;
    beforeAll(async () => {
        devnet = await DevnetProcess.start();
    });
    afterAll(() => devnet.stop());

    it('have every message that was acknowledged on the chain exactly once', async () => {
        const report = await stress(devnet, { clients: 20, seconds: 3 });
        const { acknowledged, transactions, blocks, ...faults } = report;
        expect(faults).toEqual({ refused: [], lost: [], repeated: [], unknown: [], wrongSeqno: [], disorder: [] });
        expect(acknowledged).toBeGreaterThan(20);
        // The wallets of genesis and of the clients get money once; a message is a transaction of the wallet and one of the sink
        expect(transactions).toBe(14 + 20 + 2 * acknowledged);
        expect(blocks).toBeGreaterThan(1);
    });
});
