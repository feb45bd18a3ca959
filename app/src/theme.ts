import { Alert, createTheme, type CSSVariablesResolver } from '@mantine/core';

import type { TelegramTheme } from './telegram';

export const theme = createTheme({
    primaryColor: 'blue',
    // Dark enough for text on white, and for white on it
    primaryShade: { light: 8, dark: 8 },
    defaultRadius: 'md',
    autoContrast: true,
    respectReducedMotion: true,
    // In the alert's own colour a title has too little contrast
    components: { Alert: Alert.extend({ styles: { title: { color: 'var(--mantine-color-text)' } } }) },
});

/** Telegram's background, text and hint colours in the place of the library's own. */
export function variablesOf(look: TelegramTheme | null): CSSVariablesResolver {
    const colors = look?.colors ?? {};
    const variables = Object.fromEntries(
        [
            ['--mantine-color-body', colors['bg_color']],
            ['--mantine-color-text', colors['text_color']],
            ['--mantine-color-dimmed', colors['subtitle_text_color'] ?? colors['hint_color']],
            ['--mantine-color-anchor', colors['link_color']],
            ['--mantine-color-default', colors['secondary_bg_color']],
        ].filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    return () => ({
        variables: {},
        light: {
            '--mantine-color-anchor': 'var(--mantine-color-blue-8)',
            '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
            ...variables,
        },
        dark: { '--mantine-color-dimmed': 'var(--mantine-color-dark-1)', ...variables },
    });
}
