export const advertise = {
    title: 'Advertise',
};
