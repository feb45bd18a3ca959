import type { OpenNetwork } from '../../cli/ads';
import { adsScript, describeChannel, openChannel, openNetwork } from '../../cli/ads';
import { chainTime, failureOf } from '../../cli/chain';
import type { Session } from '../../cli/session';
import { readSigner } from '../../cli/signer';
import { newQueryId, requireGlobalId } from '../../cli/usernames';
import { coins, date, parseAddress, parseSpan, Refusal } from '../../cli/words';
import type { OwnerCertificate } from '../../wrappers/ads';
import {
    AdNetwork,
    decodeOwnerCertificate,
    encodeOwnerCertificate,
    quoteRegister,
    signOwnerCertificate,
    verifyOwnerCertificate,
} from '../../wrappers/ads';

const DAY = 86_400;

/**
 * Makes your wallet the first owner of a channel, by a certificate of the voucher key: certificate=, or signed here with
 * VOUCHER_MNEMONIC. With owner= it is signed for another wallet, and only printed.
 */
export const run = adsScript({ keys: ['payee', 'certificate', 'owner', 'valid'] }, async (session) => {
    const network = await openNetwork(session);
    const given = session.words.get('certificate');
    const certificate = given === undefined ? await signCertificate(session, network) : readCertificate(session, given);
    const channel = await openChannel(session, network, certificate.payeeId);
    session.print(...describeChannel(session, channel), '');
    if (channel.state?.owner) {
        throw new Refusal(`The channel has an owner, ${session.person(channel.state.owner)}: only he hands it over.`);
    }
    await checkCertificate(session, network, certificate);
    const until = date(certificate.validUntil);
    if (given === undefined && session.words.get('owner') !== undefined && !isMine(session, certificate)) {
        session.print(`A certificate for ${session.person(certificate.owner)}, until ${until}. Nothing was sent.`);
        const word = `certificate=${encodeOwnerCertificate(certificate)}`;
        session.next('ads/registerChannel', [word], 'this wallet registers the channel with it.');
        return;
    }
    session.requireIsMe(certificate.owner, 'The owner of this certificate');
    const { prices } = await session.config();
    session.print(`${session.person(certificate.owner)} becomes the owner of channel ${certificate.payeeId}.`);
    const transaction = await session.carryOut({
        to: network.address,
        value: quoteRegister(prices),
        body: AdNetwork.registerMessage({ queryId: newQueryId(), certificate }),
        cost: 'It pays the gas and ten years of rent for the account; the rest comes back.',
    });
    const bind = await session.follow(transaction, channel.address);
    const failure = bind ? failureOf(bind) : 'no message to it';
    if (failure !== null) {
        throw new Refusal(`The account refused it with ${failure}. What is left of the value comes back.`);
    }
    const { owner, ownerDue } = await channel.contract.getState();
    session.print(`Registered: ${session.person(owner)} is the owner, and is due ${coins(ownerDue)}.`);
    session.next('ads/showChannel', [channel.word], 'look at it.');
});

const isMine = (session: Session, { owner }: OwnerCertificate): boolean => session.wallet?.equals(owner) === true;

function readCertificate(session: Session, text: string): OwnerCertificate {
    const other = ['payee', 'owner', 'valid'].find((key) => session.words.get(key) !== undefined);
    if (other !== undefined) {
        throw new Refusal(`certificate= says it all: leave ${other}= out.`);
    }
    try {
        return decodeOwnerCertificate(text);
    } catch {
        throw new Refusal('certificate= is no certificate: copy it whole.');
    }
}

async function signCertificate(session: Session, network: OpenNetwork): Promise<OwnerCertificate> {
    const { address, payeeId } = await openChannel(session, network);
    const key = await readSigner('VOUCHER');
    if (!key) {
        throw new Refusal('No key to sign the certificate with: set VOUCHER_MNEMONIC, or give certificate=.');
    }
    const owner = session.optional('owner', parseAddress) ?? session.requireWallet();
    const validUntil = (await chainTime(session.provider)) + (session.optional('valid', parseSpan) ?? DAY);
    const { globalId } = await requireGlobalId(session);
    const target = { globalId, network: network.address, account: address, payeeId };
    return signOwnerCertificate({ ...target, owner, validUntil, signer: key.secretKey });
}

async function checkCertificate(session: Session, network: OpenNetwork, certificate: OwnerCertificate): Promise<void> {
    const { globalId } = await requireGlobalId(session);
    const publicKey = network.powers.voucherKey.holder;
    const account = (await openChannel(session, network, certificate.payeeId)).address;
    if (!verifyOwnerCertificate(certificate, { globalId, network: network.address, account, publicKey })) {
        throw new Refusal(
            `The certificate is not signed by the network's voucher key ${publicKey.toString('hex')} for this channel.`,
        );
    }
    if ((await chainTime(session.provider)) >= certificate.validUntil) {
        throw new Refusal(`The certificate held until ${date(certificate.validUntil)}: ask for a new one.`);
    }
}
