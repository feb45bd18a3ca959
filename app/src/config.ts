import { Address } from '@ton/core';

/** What `config.json` beside the page says: which network and whose contracts it shows. */
export type AppConfig = {
    /** The network's global_id, as TON Connect writes it. */
    network: '-239' | '-3';
    /** API v2 without `/jsonRPC`, for example `https://toncenter.com/api/v2`. */
    apiV2: string;
    /** toncenter's key, if the page may show one: whoever opens the page reads it. Null: none, one request a second. */
    apiKey: string | null;
    /** API v3, for example `https://toncenter.com/api/v3`. */
    apiV3: string;
    /** A transaction's page in an explorer, with `{hash}` for its 64 hexadecimal digits. */
    transactionUrl: string;
    /** The collection whose names the market shows. */
    collection: Address;
    /** The ad network of the earnings; null: the page has the market only. */
    adNetwork: Address | null;
    /** Where the operator publishes the file of vouchers that the script `ads/settle` writes; null: they are pasted. */
    vouchersUrl: string | null;
};

const isUrl = (value: unknown): value is string => typeof value === 'string' && URL.canParse(value, location.href);

/** Throws with one line for whoever set the page up. */
export async function loadConfig(): Promise<AppConfig> {
    const response = await fetch('config.json', { cache: 'no-store' });
    if (!response.ok || !response.headers.get('content-type')?.includes('json')) {
        throw new Error('There is no config.json beside the page.');
    }
    const { network, apiV2, apiV3, apiKey, transactionUrl, collection, adNetwork, vouchersUrl } =
        (await response.json()) as Record<string, unknown>;
    if (network !== '-239' && network !== '-3') {
        throw new Error('config.json: network is "-239" (mainnet) or "-3" (testnet).');
    }
    if (!isUrl(apiV2) || !isUrl(apiV3) || !isUrl(transactionUrl)) {
        throw new Error('config.json: apiV2, apiV3 and transactionUrl are URLs.');
    }
    return {
        network,
        apiV2,
        apiV3,
        apiKey: typeof apiKey === 'string' ? apiKey : null,
        transactionUrl,
        collection: addressOf(collection, 'collection'),
        adNetwork: adNetwork ? addressOf(adNetwork, 'adNetwork') : null,
        vouchersUrl: isUrl(vouchersUrl) ? vouchersUrl : null,
    };
}

function addressOf(value: unknown, key: string): Address {
    try {
        return Address.parse(String(value));
    } catch {
        throw new Error(`config.json: ${key} is no address.`);
    }
}
