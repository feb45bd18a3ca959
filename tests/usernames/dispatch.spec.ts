import { beginCell, toNano } from '@ton/core';

import { exitCode, internalMessage, transactionOn, World } from '../helpers/world';

// What neither contract is ever sent by the other one.

it('the collection keeps a bounce without the original body: it cannot tell whose it is', async () => {
    const world = await World.create();
    const { address } = world.collection;
    const before = await world.data(address);
    const body = beginCell().storeUint(0xffffffff, 32).storeUint(0, 256).endCell();
    const message = internalMessage(world.people.carol.address, address, toNano('1'), body, false);
    const result = await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
    const tx = transactionOn(result, address);
    expect([exitCode(tx), tx.outMessagesCount]).toEqual([0, 0]);
    expect(await world.data(address)).toEqualCell(before);
});

it('neither contract knows other get-methods', async () => {
    const world = await World.create();
    const { item } = await world.mint('alice');
    for (const { address } of [world.collection, item]) {
        await expect(world.chain.runGetMethod(address, 'get_nothing')).rejects.toMatchObject({ exitCode: 11 });
    }
});
