import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface Props {
  clientId: string;
  /** Null: the client signs with a key of its own. */
  secret: string | null;
  name: string;
  onDone: () => void;
}

/** Client id and secret, shown this once: the server keeps only the secret's hash. */
export function SecretOnce({ clientId, secret, name, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert color="seal" icon={<IconKey aria-hidden />} title={t('apiClients.secretTitle', { name })}>
        <Text size="sm">{t(secret ? 'apiClients.secretText' : 'apiClients.noSecretText')}</Text>
      </Alert>
      <Value label={t('apiClients.clientId')} value={clientId} />
      {secret ? <Value label={t('apiClients.secret')} value={secret} /> : null}
      <Group justify="flex-end">
        <Button onClick={onDone}>{t('common.done')}</Button>
      </Group>
    </Stack>
  );
}

function Value({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap" align="stretch">
        <Code
          block
          tabIndex={0}
          role="region"
          aria-label={label}
          style={{ flex: 1, minWidth: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {value}
        </Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button variant="default" h="auto" mih={36} onClick={copy} aria-label={`${t('common.copy')}: ${label}`}>
              {copied ? t('common.copied') : t('common.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}
