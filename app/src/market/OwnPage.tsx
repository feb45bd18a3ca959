import { Title } from '@mantine/core';

import { texts } from '../texts';

export const OwnPage = () => <Title order={2}>{texts.market.own.title}</Title>;
