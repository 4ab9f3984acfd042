import { Badge, Button, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiClientPartsFragment } from '../../gql/graphql';
import { formatDateTime, formatNumber } from '../../ui/format';
import type { ClientTask } from './ClientDialogs';
import { readScope } from './scope-choice';

interface Props {
  client: ApiClientPartsFragment;
  onTask: (task: ClientTask) => void;
}

/** One other system: what it may do, what it proves itself by, and when it last came. */
export function ClientCard({ client, onTask }: Props) {
  const { t } = useTranslation();
  const heading = useId();
  const standing = client.revokedAt === null || client.revokedAt === undefined;
  return (
    <Paper component="article" aria-labelledby={heading} p="md" bg="var(--chartseal-surface)">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} miw={0} flex="1 1 240px">
          <Group gap="xs">
            <Title order={2} id={heading} size="h4" style={{ overflowWrap: 'anywhere' }}>
              {client.name}
            </Title>
            <Badge color={standing ? 'seal' : 'gray'}>{t(standing ? 'apiClients.active' : 'apiClients.revoked')}</Badge>
          </Group>
          <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            {client.id}
          </Text>
        </Stack>
        {standing ? (
          <Group gap="xs">
            <Button size="sm" variant="default" onClick={() => onTask({ kind: 'change', client })}>
              {t('apiClients.change')}
            </Button>
            <Button size="sm" variant="default" onClick={() => onTask({ kind: 'rotate', client })}>
              {t('apiClients.rotate')}
            </Button>
            <Button size="sm" variant="default" onClick={() => onTask({ kind: 'revoke', client })}>
              {t('apiClients.revoke')}
            </Button>
          </Group>
        ) : null}
      </Group>
      <Stack gap={6} mt="sm">
        {client.scopes.map((written) => (
          <ScopeLine key={written} written={written} />
        ))}
      </Stack>
      <Text size="sm" mt="sm">
        {typeof client.listedPatients === 'number'
          ? t('apiClients.listed', { count: client.listedPatients })
          : t('apiClients.everybody')}{' '}
        · {t('apiClients.perMinute', { count: client.requestsPerMinute })} ·{' '}
        {t('apiClients.costPerMinute', { cost: formatNumber(client.costPerMinute, 0) })}
      </Text>
      <Divider my="sm" />
      <Stack gap={4}>
        {client.credentials.map((credential) => (
          <CredentialLine key={credential.id} client={client} credential={credential} onTask={onTask} />
        ))}
      </Stack>
    </Paper>
  );
}

function ScopeLine({ written }: { written: string }) {
  const { t } = useTranslation();
  const { name, groups } = readScope(written);
  const fields = groups.map((group) => t(`columnGroup.${group as 'name'}`, { defaultValue: group })).join(', ');
  return (
    <Text size="sm">
      {t(`scope.${name.replace('.', '_') as 'patient_read'}`, { defaultValue: name })}
      {fields ? <Text span c="dimmed">{` ${t('apiClients.onlyFields', { fields })}`}</Text> : null}
    </Text>
  );
}

interface CredentialProps extends Props {
  credential: ApiClientPartsFragment['credentials'][number];
}

function CredentialLine({ client, credential, onTask }: CredentialProps) {
  const { t } = useTranslation();
  const good = client.credentials.filter(({ revokedAt }) => !revokedAt);
  const used = credential.lastUsedAt
    ? t('apiClients.lastUsed', { when: formatDateTime(credential.lastUsedAt) })
    : t('apiClients.neverUsed');
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" c={credential.revokedAt ? 'dimmed' : undefined}>
        {t(`apiClients.kind.${credential.kind}`, { when: formatDateTime(credential.createdAt), hint: credential.hint })}{' '}
        · {credential.revokedAt ? t('apiClients.revokedAt', { when: formatDateTime(credential.revokedAt) }) : used}
      </Text>
      {!credential.revokedAt && good.length > 1 ? (
        <Button
          size="compact-sm"
          mih={28}
          variant="default"
          onClick={() => onTask({ kind: 'revokeOne', client, credential })}
        >
          {t('apiClients.revokeOne')}
        </Button>
      ) : null}
    </Group>
  );
}
