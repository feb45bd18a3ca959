import { Executor } from '@ton/sandbox';

/**
 * From now on `listener` gets the VM log of every transaction and get-method of this process, with locations, unless `isOn` says
 * that nobody listens; an external message that is not accepted has one, too. The log is dropped again, so the specs see what
 * they always see.
 */
export function onLog(listener: (vmLog: string) => void, isOn: () => boolean = () => true): void {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- both get their `this` below
    const { runTransaction, runGetMethod } = Executor.prototype;

    Executor.prototype.runTransaction = async function (args) {
        if (!isOn()) {
            return runTransaction.call(this, args);
        }
        const emulation = await runTransaction.call(this, { ...args, verbosity: 'full_location' });
        const run = emulation.result.success ? emulation.result : emulation.result.vmResults;
        if (run) {
            listener(run.vmLog);
            run.vmLog = '';
        }
        return emulation;
    };

    Executor.prototype.runGetMethod = async function (args) {
        if (!isOn()) {
            return runGetMethod.call(this, args);
        }
        const call = await runGetMethod.call(this, { ...args, verbosity: 'full_location' });
        if (call.output.success) {
            listener(call.output.vm_log);
            call.output.vm_log = '';
        }
        return call;
    };
}
