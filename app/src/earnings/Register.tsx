import { Alert, List, Stack, Text, Textarea, Title } from '@mantine/core';
import { decodeOwnerCertificate } from 'gramhouse';

import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { useField } from './fields';
import type { OpenNetwork } from './network';
import { registerPlan } from './plans';

const words = texts.earnings.register;

/** For whoever owns the channel and has not registered: with the operator's certificate. */
export function Register({ network, payeeId }: { network: OpenNetwork; payeeId: bigint }) {
    const { value, input } = useField((text) => {
        try {
            const certificate = decodeOwnerCertificate(text);
            return certificate.payeeId === payeeId ? certificate : { wrong: words.other(certificate.payeeId) };
        } catch {
            return { wrong: words.wrong };
        }
    });
    return (
        <Stack component="section" align="flex-start">
            <Title order={3} size="h4">
                {words.title}
            </Title>
            <Text>{words.hint}</Text>
            <Alert color="yellow" title={words.before}>
                <List>
                    <List.Item>{texts.earnings.risks.wallet}</List.Item>
                    <List.Item>{texts.earnings.risks.operator}</List.Item>
                </List>
            </Alert>
            <Textarea {...input} label={words.label} autosize minRows={2} w="100%" />
            <ActionButton
                label={words.button}
                id={`register ${input.value}`}
                plan={value && registerPlan(network, value)}
            />
        </Stack>
    );
}
