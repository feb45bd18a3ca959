import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { type AnyEvent, watchEvents } from './oracle';

/** Every test of the contracts once more, each of its transactions decoded and compared with what was stored. */
const DIRECTORIES = ['ads', 'usernames', 'usernames/model'].map((name) => join(__dirname, '..', name));
/** They run other processes, or count what a chain of their own does. */
const LEFT_OUT = /settlement|gas\.spec/;

/** What of each contract is heard in them; `nothing` is an answer to a question. */
const EVENTS: Record<string, string> = {
    AdNetwork:
        'admin_changed admin_proposed charge_refused charges_sent nothing operator_announced paid paid_out platform_share registration_returned registration_sent rejected revenue swept topped_up treasury_announced voucher_key_announced',
    Campaign: 'charged funded refunded rejected stopped topped_up',
    ChannelAccount:
        'auto_payout_changed claim_returned claimed nothing paid paid_out rebind_proposed rebound registered reinvested reinvestment_returned rejected swept topped_up voucher_key_changed',
    UsernameCollection:
        'admin_changed admin_proposed mint_sent nothing pause_changed rejected royalty_changed signer_changed signer_proposed terms_changed topped_up',
    UsernameItem:
        'auction_cancelled auction_started bid bid_returned extended minted nothing outbid payout record_changed rejected settled topped_up transferred',
};

// The models play 100 sequences each unless told, which their own runs do
process.env.MODEL_RUNS ??= '25';

const heard = new Map<string, Set<string>>();
watchEvents((name, events) => {
    const types: (AnyEvent['type'] | 'nothing')[] = events.length ? events.map(({ type }) => type) : ['nothing'];
    heard.set(name, new Set([...(heard.get(name) ?? []), ...types]));
});

for (const directory of DIRECTORIES) {
    for (const file of readdirSync(directory).filter((it) => it.endsWith('.spec.ts') && !LEFT_OUT.test(it))) {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- after the watch has begun
        describe(file, () => void require(join(directory, file)));
    }
}

describe('of all that', () => {
    it('every event was heard', () => {
        const told = [...heard].map(([name, types]): [string, string] => [name, [...types].sort().join(' ')]);
        expect(Object.fromEntries(told)).toEqual(EVENTS);
    });
});
