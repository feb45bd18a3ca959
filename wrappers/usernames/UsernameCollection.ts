import type { Cell, Contract, ContractProvider, Sender, StateInit, Address } from '@ton/core';
import { beginCell, contractAddress } from '@ton/core';
import {
    addressHash,
    beginBody,
    bytes32,
    cellBytes,
    commentBody,
    loadSomebody,
    loadText,
    loadWhole,
    maybeBytes32,
    parseCell,
    storeText,
} from '../common/cells';
import type { QueryOpts, SendOpts } from '../common/contract';
import { send } from '../common/contract';
import { GramhouseError } from '../common/errors';
import type { OpenTerms, Royalty } from './auction';
import { cellToOpenTerms, checkRoyalty, loadRoyalty, openTermsToCell, readRoyalty, storeRoyalty } from './auction';
import type { DnsAnswer, DnsCategory, DnsRecord } from './dns';
import { decodeDomain, encodeDomain, resolveDns, resolveRecord } from './dns';
import { canonicalName, nameIndex } from './names';
import { UsernameOp } from './ops';

/** The collection's storage: TL-B `Collection`. Addresses are in workchain 0, public keys have 32 bytes. */
export type UsernameCollectionConfig = {
    /** While true, nothing is minted. */
    paused: boolean;
    subwalletId: number;
    /** The key that mint orders are signed with. */
    publicKey: Buffer;
    itemCode: Cell;
    /** Null: nobody, for good. */
    admin: Address | null;
    pendingAdmin: Address | null;
    pendingPublicKey: Buffer | null;
    /** The collection's own metadata (TEP-64). */
    content: Cell;
    /** Null: only signed orders mint. */
    openTerms: OpenTerms | null;
    /** Of names that are minted from now on, where their order has no other. */
    royalty: Royalty;
    /** The zone, for example `t.me`; at most 19 bytes. */
    domain: string;
};

/** What `get_collection_state_v1` shows: the storage, except `content` (see `getCollectionData`). */
export type CollectionState = Omit<UsernameCollectionConfig, 'content' | 'royalty'> & {
    royalty: Royalty | null;
    /** Unix seconds: when what it holds is used up by rent at today's prices. */
    paidUntil: number;
    /** False: nothing is minted before the first top-up. */
    isToppedUp: boolean;
};

/**
 * TL-B `Collection`. Throws `wrong_workchain`, `invalid_royalty`, or `invalid_argument` for a domain that is none or too
 * long for an item's cells.
 */
export function usernameCollectionConfigToCell(config: UsernameCollectionConfig): Cell {
    const { admin, pendingAdmin, pendingPublicKey, openTerms } = config;
    const domain = encodeDomain(config.domain);
    if (domain.length > 20) {
        throw new GramhouseError('invalid_argument', `The domain ${config.domain} is longer than 19 bytes.`);
    }
    checkRoyalty(config.royalty);
    return beginCell()
        .storeBit(config.paused)
        .storeUint(config.subwalletId, 32)
        .storeBuffer(config.publicKey, 32)
        .storeRef(config.itemCode)
        .storeRef(
            beginCell()
                .storeBuffer(admin ? addressHash(admin) : NOBODY)
                .storeBuffer(pendingAdmin ? addressHash(pendingAdmin) : NOBODY)
                .storeBuffer(pendingPublicKey ?? NOBODY, 32)
                .storeRef(config.content)
                .storeMaybeRef(openTermsToCell(openTerms)),
        )
        .store(storeRoyalty(config.royalty))
        .store(storeText(domain))
        .storeAddress(null)
        .endCell();
}

/** In TL-B `CollectionCold`, 256 zero bits stand for nobody and for nothing pending. */
const NOBODY = Buffer.alloc(32);

/**
 * Reads TL-B `Collection`; throws `unexpected_data` for any other cell. `self` is null before the first top-up: until then
 * nothing can be minted.
 *
 * @example
 * ```ts
 * cellToUsernameCollectionConfig(await storage(collection.address)).domain; // => 't.me'
 * ```
 */
export function cellToUsernameCollectionConfig(cell: Cell): UsernameCollectionConfig & { self: Address | null } {
    return parseCell('storage cell of a collection', cell, (slice) => ({
        paused: slice.loadBit(),
        subwalletId: slice.loadUint(32),
        publicKey: slice.loadBuffer(32),
        itemCode: slice.loadRef(),
        ...loadWhole(slice.loadRef(), (cold) => ({
            admin: loadSomebody(cold),
            pendingAdmin: loadSomebody(cold),
            pendingPublicKey: maybeBytes32(cold.loadUintBig(256)),
            content: cold.loadRef(),
            openTerms: cellToOpenTerms(cold.loadMaybeRef()),
        })),
        royalty: loadRoyalty(slice),
        domain: decodeDomain(loadText(slice)),
        self: slice.loadMaybeAddress(),
    }));
}

/**
 * The collection of usernames: it opens the auctions of new names and resolves them.
 *
 * @example
 * ```ts
 * const names = client.open(UsernameCollection.createFromAddress(collection.address));
 * const { openTerms } = await names.getState();
 * const value = quoteOpenMint(openTerms, 'winter').minimum;
 * await names.sendOpenMint(alice, { value, name: 'winter' });
 * ```
 */
export class UsernameCollection implements Contract {
    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    /** A collection that is deployed. */
    static createFromAddress(address: Address): UsernameCollection {
        return new UsernameCollection(address);
    }

    /** A collection whose address follows from its config and code (`gramhouse/code`), deployed or not. */
    static createFromConfig(config: UsernameCollectionConfig, code: Cell, workchain = 0): UsernameCollection {
        const init = { code, data: usernameCollectionConfigToCell(config) };
        return new UsernameCollection(contractAddress(workchain, init), init);
    }

    /** TL-B `open_mint`. The name is folded to its canonical form, or throws `invalid_name`. */
    static openMintMessage(opts: QueryOpts & { name: string }): Cell {
        return beginBody(UsernameOp.open_mint, opts.queryId)
            .store(storeText(Buffer.from(canonicalName(opts.name))))
            .endCell();
    }

    /** TL-B `set_paused`. */
    static setPausedMessage(opts: QueryOpts & { paused: boolean }): Cell {
        return beginBody(UsernameOp.set_paused, opts.queryId).storeBit(opts.paused).endCell();
    }

    /** TL-B `set_terms`, unchecked: `checkOpenTerms` knows the rules. Null closes open minting. */
    static setTermsMessage(opts: QueryOpts & { openTerms: OpenTerms | null }): Cell {
        return beginBody(UsernameOp.set_terms, opts.queryId).storeMaybeRef(openTermsToCell(opts.openTerms)).endCell();
    }

    /** TL-B `set_royalty`, unchecked: `checkRoyalty` knows the rules. */
    static setRoyaltyMessage(opts: QueryOpts & { royalty: Royalty }): Cell {
        return beginBody(UsernameOp.set_royalty, opts.queryId).store(storeRoyalty(opts.royalty)).endCell();
    }

    /** TL-B `propose_signer`; the public key has 32 bytes. */
    static proposeSignerMessage(opts: QueryOpts & { publicKey: Buffer }): Cell {
        return beginBody(UsernameOp.propose_signer, opts.queryId).storeBuffer(opts.publicKey, 32).endCell();
    }

    /** TL-B `accept_signer`, with the signature of `signSignerAcceptance`. */
    static acceptSignerMessage(opts: QueryOpts & { signature: Buffer }): Cell {
        return beginBody(UsernameOp.accept_signer, opts.queryId).storeBuffer(opts.signature, 64).endCell();
    }

    /** TL-B `propose_admin`. */
    static proposeAdminMessage(opts: QueryOpts & { admin: Address }): Cell {
        return beginBody(UsernameOp.propose_admin, opts.queryId).storeAddress(opts.admin).endCell();
    }

    /** TL-B `accept_admin`. */
    static acceptAdminMessage(opts: QueryOpts = {}): Cell {
        return beginBody(UsernameOp.accept_admin, opts.queryId).endCell();
    }

    /** TL-B `renounce_admin`. */
    static renounceAdminMessage(opts: QueryOpts = {}): Cell {
        return beginBody(UsernameOp.renounce_admin, opts.queryId).endCell();
    }

    /** TL-B `get_royalty_params` (TEP-66). */
    static getRoyaltyParamsMessage(opts: QueryOpts = {}): Cell {
        return beginBody(UsernameOp.get_royalty_params, opts.queryId).endCell();
    }

    /** The comment `#topup`: the value stays for rent. */
    static topUpMessage(): Cell {
        return commentBody('#topup');
    }

    /** Deploys the collection with its first `#topup`: `value` nanotons stay in it. Needs `createFromConfig`. */
    async sendDeploy(provider: ContractProvider, via: Sender, opts: SendOpts): Promise<void> {
        await this.sendTopUp(provider, via, opts);
    }

    /**
     * Uses a signed order: `message` from `signMintOrder`, `value` the first bid in nanotons (`quoteMint`). The whole
     * value reaches the item; what is above the maximum comes back with `return_bid`, and so does all of it if the name
     * has been minted already.
     *
     * Rejected with `invalid_signature` 202, `wrong_subwallet_id` 203, `not_yet_valid_signature` 204, `expired_signature`
     * 205, `bid_too_low` 211, `invalid_auction_config` 223, `forbidden_bidder` 224, `invalid_length` 201,
     * `invalid_royalty` 232, `minting_paused` 233, `content_too_large` 240, `not_topped_up` 241, `wrong_workchain` 333.
     */
    async sendMint(provider: ContractProvider, via: Sender, opts: SendOpts & { message: Cell }): Promise<void> {
        await send(provider, via, opts, opts.message);
    }

    /**
     * Opens the auction of a free name on the collection's terms, with `value` nanotons as the first bid (`quoteOpenMint`).
     * If somebody was faster, all of it comes back with `return_bid`.
     *
     * Rejected with `invalid_name` 235, `open_mint_closed` 234, `minting_paused` 233, `bid_too_low` 211,
     * `invalid_auction_config` 223, `not_topped_up` 241, `wrong_workchain` 333.
     */
    async sendOpenMint(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { name: string },
    ): Promise<void> {
        await send(provider, via, opts, UsernameCollection.openMintMessage(opts));
    }

    /**
     * The admin stops or resumes minting. Attach `quoteAdmin`; the excess comes back with `ok`, as for every message of
     * the admin.
     *
     * Rejected with `not_admin` 236.
     */
    async sendSetPaused(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { paused: boolean },
    ): Promise<void> {
        await send(provider, via, opts, UsernameCollection.setPausedMessage(opts));
    }

    /** The admin sets the terms of open minting, or closes it. Rejected with `not_admin` 236, `invalid_auction_config` 223. */
    async sendSetTerms(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { openTerms: OpenTerms | null },
    ): Promise<void> {
        await send(provider, via, opts, UsernameCollection.setTermsMessage(opts));
    }

    /** The admin sets the royalty of future names. Rejected with `not_admin` 236, `invalid_royalty` 232, `wrong_workchain` 333. */
    async sendSetRoyalty(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { royalty: Royalty },
    ): Promise<void> {
        await send(provider, via, opts, UsernameCollection.setRoyaltyMessage(opts));
    }

    /** The admin proposes a new signer; the old one signs until it accepts. Rejected with `not_admin` 236. */
    async sendProposeSigner(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { publicKey: Buffer },
    ): Promise<void> {
        await send(provider, via, opts, UsernameCollection.proposeSignerMessage(opts));
    }

    /** The proposed signer takes over; from anyone, with its signature. Rejected with `nothing_proposed` 237, `invalid_signature` 202. */
    async sendAcceptSigner(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { signature: Buffer },
    ): Promise<void> {
        await send(provider, via, opts, UsernameCollection.acceptSignerMessage(opts));
    }

    /** The admin proposes another. Rejected with `not_admin` 236, `wrong_workchain` 333. */
    async sendProposeAdmin(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { admin: Address },
    ): Promise<void> {
        await send(provider, via, opts, UsernameCollection.proposeAdminMessage(opts));
    }

    /** The proposed admin takes over. Rejected with `nothing_proposed` 237, `not_admin` 236. */
    async sendAcceptAdmin(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, UsernameCollection.acceptAdminMessage(opts));
    }

    /** The admin leaves for good: what is pending is cleared and minting is not paused. Rejected with `not_admin` 236. */
    async sendRenounceAdmin(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, UsernameCollection.renounceAdminMessage(opts));
    }

    /** Asks for `report_royalty_params` (TEP-66), which carries what is left of the value. */
    async sendGetRoyaltyParams(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, UsernameCollection.getRoyaltyParamsMessage(opts));
    }

    /**
     * Leaves `value` nanotons in the collection for its rent. Nothing comes back.
     *
     * The first one is rejected with `invalid_royalty` 232 or `wrong_workchain` 333 if the initial state has such a royalty.
     */
    async sendTopUp(provider: ContractProvider, via: Sender, opts: SendOpts): Promise<void> {
        await send(provider, via, opts, UsernameCollection.topUpMessage());
    }

    /** Everything the collection holds. */
    async getState(provider: ContractProvider): Promise<CollectionState> {
        const { stack } = await provider.get('get_collection_state_v1', []);
        return {
            paused: stack.readBoolean(),
            admin: stack.readAddressOpt(),
            pendingAdmin: stack.readAddressOpt(),
            publicKey: bytes32(stack.readBigNumber()),
            pendingPublicKey: maybeBytes32(stack.readBigNumber()),
            subwalletId: stack.readNumber(),
            royalty: readRoyalty(stack),
            openTerms: cellToOpenTerms(stack.readCellOpt()),
            itemCode: stack.readCell(),
            domain: decodeDomain(cellBytes(stack.readCell())),
            paidUntil: stack.readNumber(),
            isToppedUp: stack.readBoolean(),
        };
    }

    /** TEP-62. `nextItemIndex` is -1n: an index is a hash and not a number in a row. */
    async getCollectionData(
        provider: ContractProvider,
    ): Promise<{ nextItemIndex: bigint; content: Cell; admin: Address | null }> {
        const { stack } = await provider.get('get_collection_data', []);
        return { nextItemIndex: stack.readBigNumber(), content: stack.readCell(), admin: stack.readAddressOpt() };
    }

    /** The address of the item with this index (TEP-62). */
    async getNftAddressByIndex(provider: ContractProvider, index: bigint): Promise<Address> {
        const { stack } = await provider.get('get_nft_address_by_index', [{ type: 'int', value: index }]);
        return stack.readAddress();
    }

    /**
     * The address of a name's item. The name is folded to its canonical form, or throws `invalid_name`; an item of any
     * other name goes by `getNftAddressByIndex(nameIndex(name))`. `itemAddress` gives the same without a call.
     */
    async getItemAddress(provider: ContractProvider, name: string): Promise<Address> {
        return this.getNftAddressByIndex(provider, nameIndex(canonicalName(name)));
    }

    /** The whole content of an item from its index and own content (TEP-62), which are here the same. */
    async getNftContent(provider: ContractProvider, index: bigint, individualContent: Cell): Promise<Cell> {
        const { stack } = await provider.get('get_nft_content', [
            { type: 'int', value: index },
            { type: 'cell', cell: individualContent },
        ]);
        return stack.readCell();
    }

    /** The royalty of names that are minted from now on (TEP-66). */
    async getRoyaltyParams(provider: ContractProvider): Promise<Royalty | null> {
        return readRoyalty((await provider.get('royalty_params', [])).stack);
    }

    /** The zone, for example `t.me`. */
    async getFullDomain(provider: ContractProvider): Promise<string> {
        return decodeDomain(cellBytes((await provider.get('get_full_domain', [])).stack.readCell()));
    }

    /**
     * Resolves a domain of this zone (TEP-81): `subdomain` in its internal form, relative to the zone. The answer is a
     * `dns_next_resolver` record with the address of the first label's item.
     *
     * Fails with `bad_subdomain` 70.
     */
    async getDnsResolve(provider: ContractProvider, subdomain: Buffer, key: bigint): Promise<DnsAnswer> {
        return resolveDns(provider, subdomain, key);
    }

    /**
     * Resolves a name of this zone as wallets do: asks the collection, then each resolver that it names. With the category
     * `wallet` this is the address that a payment to the name goes to. `domain` is relative to the zone: `alice`, or
     * `pay.alice` for a name below alice.
     *
     * Null where there is no such record, or no contract to ask for it. Throws `unexpected_data` for a record that is none
     * of TEP-81, and for more than eight resolvers in a row.
     */
    async getRecord(provider: ContractProvider, domain: string, category: DnsCategory): Promise<DnsRecord | null> {
        return resolveRecord(provider, domain, category);
    }
}
