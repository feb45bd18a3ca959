import type { Address } from '@ton/core';
import { toNano } from '@ton/core';
import type { DnsRecord } from '../../../wrappers/usernames';
import {
    encodeDnsRecord,
    recordKey,
    UsernameError,
    usernameErrorName,
    UsernameItem,
    UsernameOp,
    usernameOpName,
} from '../../../wrappers/usernames';
import { World } from '../../helpers/world';
import { addressOf } from './fixtures';

let world: World;

/** Alice sets a record of a name that she owns. */
async function record(name: string, category: string, value: DnsRecord): Promise<void> {
    const body = UsernameItem.changeDnsRecordMessage({ key: recordKey(category), record: encodeDnsRecord(value) });
    await world.send(world.people.alice, world.item(name).address, toNano('0.1'), body);
}

/** The contract that answers for what is below a name. */
const delegateTo = (name: string, resolver: Address): Promise<void> =>
    record(name, 'dns_next_resolver', { type: 'dns_next_resolver', resolver });

beforeEach(async () => {
    world = await World.create();
    await world.owned('alice');
});

describe('getRecord', () => {
    it('finds the wallet that a payment to a name goes to', async () => {
        const wallet: DnsRecord = { type: 'dns_smc_address', address: addressOf(9) };
        await record('alice', 'wallet', wallet);
        expect(await world.collection.getRecord('alice', 'wallet')).toEqual(wallet);
        expect(await world.collection.getRecord('alice', 'site')).toBeNull();
    });

    it('finds nothing for a name that is not minted', async () => {
        expect(await world.collection.getRecord('nobody', 'wallet')).toBeNull();
    });

    it('asks the contract that a name names for what is below it', async () => {
        await world.owned('shop');
        const wallet: DnsRecord = { type: 'dns_smc_address', address: addressOf(8) };
        await record('shop', 'wallet', wallet);
        // The collection answers for alice as it does for its own zone
        await delegateTo('alice', world.collection.address);
        expect(await world.collection.getRecord('shop.alice', 'wallet')).toEqual(wallet);
        await delegateTo('alice', addressOf(7));
        expect(await world.collection.getRecord('shop.alice', 'wallet')).toBeNull();
    });

    it('refuses a part that leads nowhere, and an error of a resolver', async () => {
        await record('alice', 'dns_next_resolver', { type: 'dns_text', text: 'no resolver' });
        await expect(world.collection.getRecord('pay.alice', 'wallet')).rejects.toMatchObject({
            code: 'unexpected_data',
            shortMessage: 'A part of pay.alice is resolved, without a next resolver.',
        });
        await delegateTo('alice', world.item('alice').address);
        // What is left of the domain has no zero byte before it any more
        await expect(world.collection.getRecord('pay.alice', 'wallet')).rejects.toThrow('413');
    });

    it('refuses a domain that leads through too many resolvers', async () => {
        await delegateTo('alice', world.collection.address);
        const domain = Array<string>(8).fill('alice').join('.');
        await expect(world.collection.getRecord(domain, 'wallet')).rejects.toMatchObject({
            code: 'unexpected_data',
            shortMessage: `${domain} leads through more than 8 resolvers.`,
        });
    });
});

it('names every op and exit code, and no other', () => {
    for (const [name, code] of Object.entries(UsernameError)) {
        expect(usernameErrorName(code)).toBe(name);
    }
    for (const [name, op] of Object.entries(UsernameOp)) {
        expect(usernameOpName(op)).toBe(name);
    }
    expect([usernameErrorName(1), usernameOpName(1)]).toEqual([null, null]);
});
