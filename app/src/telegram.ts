import { isTMA, on, postEventFp, retrieveLaunchParams } from '@tma.js/bridge';

/** How Telegram wants the page to look. */
export type TelegramTheme = {
    scheme: 'light' | 'dark';
    /** CSS colours as Telegram names them: `bg_color`, `text_color`, `button_color`, `hint_color`, ... */
    colors: Readonly<Record<string, string | undefined>>;
};

/** A page that Telegram opened as a Mini App. */
export type Telegram = {
    theme: TelegramTheme;
    /** Calls back when the person changes the theme; gives what ends it. */
    onTheme(listener: (theme: TelegramTheme) => void): () => void;
};

/** Tells Telegram that the page is ready and wants its whole height; null outside of Telegram. */
export function readTelegram(): Telegram | null {
    if (!isTMA()) {
        return null;
    }
    const { tgWebAppThemeParams } = retrieveLaunchParams();
    // The launch parameters are where the page's own place will be
    if (location.hash.includes('tgWebApp')) {
        history.replaceState(null, '', '#/');
    }
    // These two tell, and do not throw, where there is no Telegram after all
    postEventFp('web_app_ready');
    postEventFp('web_app_expand');
    return {
        theme: themeOf(tgWebAppThemeParams),
        onTheme: (listener) => on('theme_changed', ({ theme_params }) => listener(themeOf(theme_params))),
    };
}

function themeOf(colors: TelegramTheme['colors']): TelegramTheme {
    return { scheme: isDark(colors['bg_color'] ?? '#ffffff') ? 'dark' : 'light', colors };
}

/** Whether a colour of six hexadecimal digits is in the darker half of brightness (ITU-R BT.709). */
function isDark(color: string): boolean {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
}
