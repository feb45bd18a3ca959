import { beginCell, Cell, loadShardAccount, storeShardAccount } from '@ton/core';
import { Executor, type IExecutor } from '@ton/sandbox';

// Loaded before a program, it makes that program's chain lose one nanoton of an account in its tenth transaction

const run: IExecutor['runTransaction'] = Reflect.get(Executor.prototype, 'runTransaction');
let transactions = 0;

Executor.prototype.runTransaction = async function (args) {
    const emulation = await run.call(this, args);
    transactions += 1;
    if (transactions === 10 && emulation.result.success) {
        const shardAccount = loadShardAccount(Cell.fromBase64(emulation.result.shardAccount).beginParse());
        if (shardAccount.account) {
            shardAccount.account.storage.balance.coins -= 1n;
        }
        const altered = beginCell().store(storeShardAccount(shardAccount)).endCell();
        emulation.result.shardAccount = altered.toBoc().toString('base64');
    }
    return emulation;
};
