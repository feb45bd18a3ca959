export const market = {
    title: 'Market',
    own: { title: 'Mine' },
};
