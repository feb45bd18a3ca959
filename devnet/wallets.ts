import { mnemonicToPrivateKey } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import type { Address } from '@ton/core';

/** DEVELOPMENT ONLY: everybody can read these keys. Nothing that they hold on a public network is safe. */
const MNEMONICS = {
    alice: 'lake squeeze magic reform useless soccer lyrics observe shed useless mammal horror polar seven project illness fun gather orchard sponsor dream rescue health try',
    bob: 'cousin dinosaur anxiety fence essence note attitude dress guess urban glimpse problem fringe distance sound shove gather flush loud uniform pause female surround eye',
    carol: 'knock uncover develop gain joke stay master exercise casino owner school sell clay sell year infant submit odor demand cross mesh noodle feel trick',
    dave: 'shuffle enough price fever flat client ship minimum spoon battle economy heart bitter call apple chef couple sentence clarify canvas involve elbow alone awesome',
    admin: 'genuine pizza cigar shift baby float cradle allow nasty lunch nose dilemma foil skull broom tiny fetch scout cash machine maze soul cattle aware',
    seller: 'smooth sample couple spin joy quote diet drama love dawn fossil offer wonder tray inhale input organ oyster fantasy surprise brass galaxy delay cycle',
    signer: 'merge reward label core rug fantasy sugar pepper govern grab crumble catch magic artwork easily swallow shield sport social water program sell online argue',
};

export type WalletName = keyof typeof MNEMONICS;

/** A key with fixed words, and its two wallet contracts, which its first message deploys. */
export type NamedWallet = {
    name: WalletName;
    mnemonic: string;
    publicKey: Buffer;
    secretKey: Buffer;
    v4r2: WalletContractV4;
    v5r1: WalletContractV5R1;
};

export function namedWallets(): Promise<NamedWallet[]> {
    return Promise.all(
        Object.entries(MNEMONICS).map(async ([name, mnemonic]) => {
            const { publicKey, secretKey } = await mnemonicToPrivateKey(mnemonic.split(' '));
            return {
                name: name as WalletName,
                mnemonic,
                publicKey,
                secretKey,
                v4r2: WalletContractV4.create({ workchain: 0, publicKey }),
                v5r1: WalletContractV5R1.create({ publicKey }),
            };
        }),
    );
}

/** As the tools show a wallet's address: one that does not bounce what comes before it is deployed. */
export const walletAddress = (address: Address): string => address.toString({ bounceable: false });

/** One of them. */
export function walletOf(wallets: NamedWallet[], name: WalletName): NamedWallet {
    const wallet = wallets.find((wallet) => wallet.name === name);
    if (!wallet) {
        throw new Error(`There is no wallet ${name}.`);
    }
    return wallet;
}
