// A wallet for the devnet, on TON Connect's JS bridge (ton-blockchain/ton-connect spec/bridge.md). The server that serves
// this file has the keys; the page is not built with it.
(() => {
    const KEY = 'gramhouseDevWallet';
    const SESSION = 'gramhouseDevWalletSession';
    const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'admin', 'seller'];
    const device = {
        platform: 'browser',
        appName: KEY,
        appVersion: '1',
        maxProtocolVersion: 2,
        features: ['SendTransaction', { name: 'SendTransaction', maxMessages: 4 }],
    };
    const icon =
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9' fill='teal'/></svg>";
    const listed = {
        app_name: KEY,
        name: 'Development wallet',
        image: icon,
        about_url: location.origin,
        bridge: [{ type: 'js', key: KEY }],
        platforms: ['chrome', 'firefox', 'safari'],
        features: device.features,
    };

    /** Asks the person: resolves to the button's value, or null for "Decline". */
    function ask(text, buttons, rows = []) {
        const dialog = document.createElement('dialog');
        dialog.id = 'dev-wallet';
        // A click outside of TON Connect's window gives up what it waits for; that of a real wallet is in no page
        dialog.onclick = (event) => event.stopPropagation();
        dialog.style.cssText = 'z-index:2147483647;font:16px sans-serif;max-width:24rem;overflow-wrap:anywhere';
        const title = document.createElement('p');
        title.textContent = text;
        dialog.append(title);
        for (const row of rows) {
            const line = document.createElement('p');
            line.textContent = row;
            dialog.append(line);
        }
        return new Promise((resolve) => {
            for (const [label, value] of [...buttons, ['Decline', null]]) {
                const button = document.createElement('button');
                button.textContent = label;
                button.style.cssText = 'margin:4px;padding:8px';
                button.onclick = () => {
                    dialog.remove();
                    resolve(value);
                };
                dialog.append(button);
            }
            document.body.append(dialog);
            // Not modal, so that the page below goes on; the popover is above its windows
            dialog.setAttribute('popover', 'manual');
            dialog.showPopover();
        });
    }

    async function server(action, body) {
        const response = await fetch(`dev-wallet/${action}`, { method: 'POST', body: JSON.stringify(body) });
        const answer = await response.json();
        if (!response.ok) {
            throw new Error(answer.error);
        }
        return answer;
    }

    const connected = (account) => ({
        event: 'connect',
        id: Date.now(),
        payload: { items: [{ name: 'ton_addr', ...account }], device },
    });
    const refused = (code, message) => ({ event: 'connect_error', id: Date.now(), payload: { code, message } });
    /** Who is connected: the name and the account, or null. */
    const session = () => JSON.parse(sessionStorage.getItem(SESSION));
    const person = () => session().name;

    window[KEY] = {
        tonconnect: {
            deviceInfo: device,
            walletInfo: { name: listed.name, image: icon, about_url: location.origin },
            protocolVersion: 2,
            isWalletBrowser: false,
            async connect() {
                const choices = [...PEOPLE.map((name) => [name, name]), ['alice on testnet', 'alice@-3']];
                const name = await ask('Development wallet: who are you?', choices);
                if (name === null) {
                    return refused(300, 'declined');
                }
                const account = await server('account', { name });
                sessionStorage.setItem(SESSION, JSON.stringify({ name, account }));
                return connected(account);
            },
            // Asks nobody: a request that leaving the page cuts off would end the connection
            async restoreConnection() {
                const known = session();
                return known === null ? refused(100, 'nobody is connected') : connected(known.account);
            },
            async send({ method, id, params }) {
                if (method === 'disconnect') {
                    sessionStorage.removeItem(SESSION);
                    return { id, result: {} };
                }
                if (method !== 'sendTransaction') {
                    return { id, error: { code: 400, message: `${method} is not served` } };
                }
                const { messages, valid_until } = JSON.parse(params[0]);
                const rows = messages.map(({ address, amount }) => `${Number(amount) / 1e9} TON to ${address}`);
                if ((await ask(`${person()} signs`, [['Approve', true]], rows)) === null) {
                    return { id, error: { code: 300, message: 'declined' } };
                }
                try {
                    const { boc } = await server('send', { name: person(), messages, validUntil: valid_until });
                    return { id, result: boc };
                } catch (error) {
                    return { id, error: { code: 0, message: error.message } };
                }
            },
            listen: () => () => undefined,
        },
    };

    // Only listed wallets are offered
    const { fetch: plainFetch } = window;
    window.fetch = async (...args) => {
        if (!String(args[0]?.url ?? args[0]).includes('wallets-v2.json')) {
            return plainFetch(...args);
        }
        const others = await plainFetch(...args)
            .then((response) => response.json())
            .catch(() => []);
        return Response.json([listed, ...others]);
    };
})();
