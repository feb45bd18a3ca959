import { Title } from '@mantine/core';

import { texts } from '../texts';

export const AdvertisePage = ({ campaign }: { campaign: string | null }) => (
    <Title order={2}>
        {texts.advertise.title} {campaign}
    </Title>
);
