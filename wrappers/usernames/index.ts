export { AuctionLimits, checkAuctionConfig, checkOpenTerms, checkRoyalty, nextMinBid, openMintPrice } from './auction';
export type { AuctionConfig, OpenTerms, Royalty, SaleSplit } from './auction';
export * from './checks';
export { decodeDnsRecord, decodeDomain, encodeDnsRecord, encodeDomain, parseDnsRecords, recordKey } from './dns';
export type { DnsAnswer, DnsCapability, DnsCategory, DnsEntry, DnsRecord } from './dns';
export * from './errors';
export * from './events';
export { minStartPrice } from './gas';
export * from './names';
export { UsernameOp, usernameOpName } from './ops';
export {
    mintOrderHash,
    parseMintOrder,
    signMintOrder,
    signSignerAcceptance,
    uriContent,
    verifyMintOrder,
} from './orders';
export type { MintBinding, MintOrder, MintRestrictions, MintTerms, SigningTarget } from './orders';
export * from './quotes';
export { cellToUsernameCollectionConfig, UsernameCollection } from './UsernameCollection';
export type { CollectionState, UsernameCollectionConfig } from './UsernameCollection';
export { cellToItemData, itemAddress, UsernameItem } from './UsernameItem';
export type { ItemAuction, ItemData, ItemRest, ItemState, ItemStatus, UsernameItemConfig } from './UsernameItem';
