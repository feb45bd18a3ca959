import type { Address, Cell } from '@ton/core';

import type { Session } from '../../cli/session';
import { script } from '../../cli/session';
import { readSigner } from '../../cli/signer';
import type { OpenCollection } from '../../cli/usernames';
import { describeCollection, newQueryId, openCollection, requireGlobalId } from '../../cli/usernames';
import { parseAddress, parseHex, Refusal } from '../../cli/words';
import type { CollectionState } from '../../wrappers/usernames';
import { quoteAdmin, signSignerAcceptance, UsernameCollection } from '../../wrappers/usernames';

const FLAGS = ['pause', 'resume', 'acceptAdmin', 'acceptSigner'] as const;
const KEYS = ['proposeAdmin', 'proposeSigner'] as const;

/** One change of the collection: what it does, its message, and how the state shows that it is done. */
type Change = { text: string; body: Cell; isDone: (state: CollectionState) => boolean; next: [string[], string] };

/**
 * Stops or resumes minting (pause, resume), and hands over admin or signer in two steps: the admin proposes
 * (proposeAdmin=ADDRESS, proposeSigner=KEY), and the new one accepts (acceptAdmin, acceptSigner).
 */
export const run = script({ keys: [...KEYS], flags: [...FLAGS] }, async (session) => {
    const given = [
        ...FLAGS.filter((word) => session.words.has(word)),
        ...KEYS.filter((word) => session.words.get(word) !== undefined),
    ];
    const [what, second] = given;
    if (what === undefined || second !== undefined) {
        throw new Refusal(`Give one of the words ${[...FLAGS, ...KEYS.map((key) => `${key}=`)].join(', ')}.`);
    }
    const collection = await openCollection(session);
    session.print(...(await describeCollection(session, collection)), '');
    const { text, body, isDone, next } = await prepare(session, collection, what);
    if (isDone(collection.state)) {
        throw new Refusal('That is so already: there is nothing to change.');
    }
    session.print(text);
    const { prices } = await session.config();
    await session.carryOut({
        to: collection.address,
        value: quoteAdmin(prices),
        body,
        cost: 'It pays the gas; the rest comes back.',
    });
    if (!isDone(await session.readUntil(() => collection.contract.getState(), isDone))) {
        throw new Refusal('It was done, and it has been changed again since: look with show.');
    }
    session.print('Done.');
    session.next(next[0].length > 0 ? 'admin' : 'show', ...next);
});

async function prepare(
    session: Session,
    { address: collection, state }: OpenCollection,
    what: (typeof FLAGS)[number] | (typeof KEYS)[number],
): Promise<Change> {
    const queryId = newQueryId();
    const look: Change['next'] = [[], 'check what the collection says of itself.'];
    const isAdmin = (admin: Address) => (now: CollectionState) => now.admin?.equals(admin) === true;
    if (what !== 'acceptAdmin' && what !== 'acceptSigner') {
        session.requireIsMe(state.admin, 'The admin');
    }
    switch (what) {
        case 'pause':
        case 'resume': {
            const paused = what === 'pause';
            return {
                text: paused ? 'No name can be minted until it is resumed.' : 'Names can be minted again.',
                body: UsernameCollection.setPausedMessage({ queryId, paused }),
                isDone: (now) => now.paused === paused,
                next: look,
            };
        }
        case 'proposeAdmin': {
            const admin = await session.required(what, 'the address of the next admin', parseAddress);
            return {
                text: `${session.person(admin)} may take over as admin; until then nothing changes.`,
                body: UsernameCollection.proposeAdminMessage({ queryId, admin }),
                isDone: (now) => now.pendingAdmin?.equals(admin) === true || isAdmin(admin)(now),
                next: [['acceptAdmin'], 'the new admin accepts, from the proposed wallet.'],
            };
        }
        case 'acceptAdmin': {
            if (!state.pendingAdmin) {
                throw new Refusal('No admin is proposed: the admin runs usernames/admin proposeAdmin=ADDRESS first.');
            }
            session.requireIsMe(state.pendingAdmin, 'The proposed admin');
            return {
                text: `${session.person(state.pendingAdmin)} becomes the admin, and ${session.person(state.admin)} is it no more.`,
                body: UsernameCollection.acceptAdminMessage({ queryId }),
                isDone: isAdmin(state.pendingAdmin),
                next: look,
            };
        }
        case 'proposeSigner': {
            const publicKey = await session.required(what, 'the public key of the next signer', (text, key) =>
                parseHex(text, key, 32),
            );
            return {
                text: `${publicKey.toString('hex')} may take over as signer; until then the old one signs.`,
                body: UsernameCollection.proposeSignerMessage({ queryId, publicKey }),
                isDone: (now) => [now.pendingPublicKey, now.publicKey].some((key) => key?.equals(publicKey)),
                next: [
                    ['acceptSigner'],
                    'with the new key as SIGNER_MNEMONIC or SIGNER_SEED, accept it from any wallet.',
                ],
            };
        }
        case 'acceptSigner': {
            const { pendingPublicKey } = state;
            if (!pendingPublicKey) {
                throw new Refusal('No signer is proposed: the admin runs usernames/admin proposeSigner=KEY first.');
            }
            const signer = await readSigner();
            if (!signer?.publicKey.equals(pendingPublicKey)) {
                throw new Refusal(
                    `Set SIGNER_MNEMONIC or SIGNER_SEED to the key of ${pendingPublicKey.toString('hex')}.`,
                );
            }
            const { globalId } = await requireGlobalId(session);
            const signature = await signSignerAcceptance({ collection, globalId, signer: signer.secretKey });
            return {
                text: `Orders are signed with ${pendingPublicKey.toString('hex')} from now on; older orders hold no more.`,
                body: UsernameCollection.acceptSignerMessage({ queryId, signature }),
                isDone: (now) => now.publicKey.equals(pendingPublicKey),
                next: look,
            };
        }
    }
}
