import { adsScript, bucketText, NETWORK, parsePerDay, shareText } from '../../cli/ads';
import { checkDeployable, deploymentsPath, writeDeployment } from '../../cli/deployments';
import type { Session } from '../../cli/session';
import { readSigner } from '../../cli/signer';
import { table } from '../../cli/usernames';
import { coins, parseAddress, parseCoins, parseHex, Refusal } from '../../cli/words';
import { compileContract } from '../../compilables/compile';
import { AdNetwork, quoteDeployNetwork } from '../../wrappers/ads';

/** Deploys an ad network and writes its address to deployments/<network>.json. */
export const run = adsScript(
    {
        keys: ['share', 'burst', 'perDay', 'voucherKey', 'operator', 'treasury', 'admin', 'value'],
        flags: ['replace', 'high'],
    },
    async (session) => {
        const { provider, network } = session;
        const { prices } = await session.config();
        await checkDeployable(session, NETWORK, 'an ad network');

        const burst = await session.required(
            'burst',
            'coins that vouchers draw at once at most, for example burst=5000',
            parseCoins,
        );
        const rate = await session.required(
            'perDay',
            'coins that they draw a day in the long run, for example perDay=1000',
            parsePerDay,
        );
        const shareBps = session.optional('share', parseShare) ?? 5000;
        const voucherKey = await readPublicKey(session);
        const me = (): ReturnType<Session['requireWallet']> => session.requireWallet();
        const operator = session.optional('operator', parseAddress) ?? me();
        const treasury = session.optional('treasury', parseAddress) ?? me();
        const admin = session.optional('admin', parseAddress) ?? me();
        const accountCode = await compileContract('ChannelAccount');
        const code = await compileContract(NETWORK);
        const config = { burst, rate, shareBps, voucherKey, operator, treasury, admin, accountCode };
        const { address, init } = AdNetwork.createFromConfig(config, code);

        session.print(
            'An ad network',
            ...table([
                ['address', session.text(address)],
                ['code hash', code.hash().toString('hex')],
                ['owners get', `${shareText(shareBps)} of every payment, for good`],
                ['bucket of draws', `${bucketText(config)}, for good`],
                ['voucher key', voucherKey.toString('hex')],
                ['operator', session.person(operator)],
                ['treasury', session.person(treasury)],
                ['admin', session.person(admin)],
            ]),
        );
        if (await provider.isContractDeployed(address)) {
            session.print('It is deployed already: nothing was sent.');
        } else {
            const needed = quoteDeployNetwork(prices);
            const value = session.optional('value', parseCoins) ?? needed;
            session.requireSane('value', value, needed);
            if (value < needed) {
                throw new Refusal(`value=${coins(value)} is less than ten years of rent: at least ${coins(needed)}.`);
            }
            await session.carryOut({
                to: address,
                value,
                body: AdNetwork.topUpMessage(),
                init,
                cost: 'It stays in the network for ten years of rent; what is above is the first sweep.',
            });
            session.print(`Deployed ${session.text(address)} with ${coins(value)}.`);
        }
        writeDeployment(network, NETWORK, address, code);
        session.print(`Written to ${deploymentsPath(network)}.`);
        session.next('ads/showNetwork', [], 'check what it says of itself.');
    },
);

async function readPublicKey(session: Session): Promise<Buffer> {
    const given = session.optional('voucherKey', (text, key) => parseHex(text, key, 32));
    const key = given ?? (await readSigner('VOUCHER'))?.publicKey;
    if (!key) {
        throw new Refusal(
            'Whose vouchers pay? Give voucherKey= (a public key, 64 hex digits), or set VOUCHER_MNEMONIC.',
        );
    }
    return key;
}

/** Percent with up to two decimals, in basis points. */
function parseShare(text: string, key: string): number {
    if (!/^\d{1,3}(\.\d{1,2})?$/.test(text) || Number(text) > 100) {
        throw new Refusal(`${key}=${text} is no share: write percent up to 100, for example ${key}=50.`);
    }
    return Math.round(Number(text) * 100);
}
