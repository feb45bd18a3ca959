import type { Address, Cell, OpenedContract, Sender } from '@ton/core';
import type { TonClient, TonClient4 } from '@ton/ton';
import type { TonConnectUI } from '@tonconnect/ui-react';

import type {
    Account,
    AdNetwork,
    AdsTarget,
    AuctionConfig,
    Campaign,
    ChannelAccount,
    ChannelAccountState,
    ItemFunds,
    ItemState,
    MintTerms,
    NetworkPrices,
    OpenTerms,
    OwnerCertificate,
    Royalty,
    UsernameCollection,
    UsernameItem,
    Voucher,
} from '../../wrappers';

/** What the examples in the docstrings take for granted; the reference lists it. */
export type ExampleScope = {
    /** A client of API v2. */
    client: TonClient;
    /** A client of API v4. */
    client4: TonClient4;
    /** The page's connection to the person's wallet. */
    tonConnect: Pick<TonConnectUI, 'sendTransaction'>;
    /** -239, mainnet. */
    globalId: number;
    /** What `pricesFromConfig` gives. */
    prices: NetworkPrices;
    /** The chain's time in unix seconds. */
    now: number;
    /** The data cell of an account, from `client.provider(address).getState()`. */
    storage: (address: Address) => Promise<Cell>;
    /** The person in front of the page; owns `ownedItem` and `account`. */
    alice: Sender & { address: Address };
    /** Leads the auction of `item` with 20 TON; advertiser of `campaign`. */
    bob: Sender & { address: Address };
    /** Admin of `collection` and `network`, and operator of the network. */
    admin: Sender & { address: Address };
    /** Alice's wallet, as `readAccount` gives it. */
    wallet: Account;
    /** The secret key of the mint orders and of the vouchers. */
    signer: Buffer;
    /** Its public key. */
    publicKey: Buffer;
    /** The collection, in the zone `t.me`. */
    collection: OpenedContract<UsernameCollection>;
    /** The name `alice`, in an auction. */
    item: OpenedContract<UsernameItem>;
    /** The state of `item`. */
    state: ItemState;
    /** What `item` holds, in nanotons. */
    balance: bigint;
    /** A name of Alice's that is not auctioned. */
    ownedItem: OpenedContract<UsernameItem>;
    /** The state of `ownedItem`. */
    ownedState: ItemState;
    /** What `ownedItem` holds and should hold. */
    ownedFunds: ItemFunds;
    /** A name whose auction is over and not settled. */
    endedItem: OpenedContract<UsernameItem>;
    /** An auction that starts at 1 TON. */
    auctionConfig: AuctionConfig;
    /** 5 %. */
    royalty: Royalty;
    /** 100 TON for names of 4 characters, 10 TON for longer ones. */
    openTerms: OpenTerms;
    /** The terms of an order for the name `orchard`. */
    order: MintTerms;
    /** That order, signed for anyone: the body of a mint message. */
    mint: Cell;
    /** The ad network; the owners' share is half. */
    network: OpenedContract<AdNetwork>;
    /** The account of Alice's channel, payee 77. */
    account: OpenedContract<ChannelAccount>;
    /** Its state, and what it holds in nanotons. */
    funds: ChannelAccountState & { balance: bigint };
    /** What texts for `account` are signed for. */
    target: AdsTarget;
    /** 5 TON for `account`. */
    voucher: Voucher;
    /** Lets Bob register as the owner of another account, payee 78. */
    certificate: OwnerCertificate;
    /** What the certificate is signed for. */
    certificateTarget: AdsTarget;
    /** Bob's campaign. */
    campaign: OpenedContract<Campaign>;
    /** Another of his, stopped more than 48 hours ago. */
    closedCampaign: OpenedContract<Campaign>;
};
