export { AdNetwork, cellToAdNetworkData, MAX_CHARGES, NOTICE_SECONDS } from './AdNetwork';
export type {
    AdNetworkConfig,
    AdNetworkData,
    AdNetworkPowers,
    AdNetworkState,
    Charge,
    Role,
    StoredRole,
} from './AdNetwork';
export { Campaign, campaignAddress, cellToCampaignData, chargeableAt, CLOSING_SECONDS } from './Campaign';
export type { CampaignConfig, CampaignData, CampaignState } from './Campaign';
export { cellToChannelAccountData, ChannelAccount, channelAccountAddress } from './ChannelAccount';
export type { ChannelAccountConfig, ChannelAccountData, ChannelAccountState } from './ChannelAccount';
export * from './checks';
export * from './errors';
export * from './events';
export { minAutoPayout, revenueFee } from './gas';
export { AdsOp, adsOpName } from './ops';
export * from './quotes';
export * from './settlement';
export { splitRevenue } from './split';
export type { Bucket, RevenueSplit } from './split';
export {
    certificateHash,
    decodeOwnerCertificate,
    decodeVoucher,
    encodeOwnerCertificate,
    encodeVoucher,
    signOwnerCertificate,
    signVoucher,
    verifyOwnerCertificate,
    verifyVoucher,
    voucherHash,
} from './vouchers';
export type { AdsTarget, OwnerCertificate, Voucher } from './vouchers';
