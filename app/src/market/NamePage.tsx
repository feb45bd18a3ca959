import { Title } from '@mantine/core';

export const NamePage = ({ name }: { name: string }) => <Title order={2}>{name}</Title>;
