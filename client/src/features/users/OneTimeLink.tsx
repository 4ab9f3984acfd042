import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '../../ui/format';

/** A link that works once and is shown once: the server keeps only its hash. */
export function OneTimeLink({
  url,
  expiresAt,
  name,
  onDone,
}: {
  url: string;
  expiresAt: string;
  name: string;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert color="seal" icon={<IconKey aria-hidden />} title={t('users.linkTitle', { name })}>
        <Text size="sm">{t('users.linkText', { when: formatDateTime(expiresAt) })}</Text>
      </Alert>
      <Code
        block
        tabIndex={0}
        role="region"
        aria-label={t('users.link')}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {url}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} data-autofocus>
              {copied ? t('common.copied') : t('users.copyLink')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t('common.done')}</Button>
      </Group>
    </Stack>
  );
}
