import { useMutation, useQuery } from '@apollo/client/react';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { notifyDone } from '../../ui/notify';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { deviceName } from './device-name';
import { EndOtherSessions, EndSession, MySessions } from './documents';

/** Where one is signed in; what looks strange can be ended at once. */
export function SessionsPanel() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(MySessions, { fetchPolicy: 'network-only' });
  const [end, { error: refused, loading }] = useMutation(EndSession);
  const [endOthers, { error: kept }] = useMutation(EndOtherSessions);
  const endAllOthers = async () => {
    await endOthers();
    notifyDone(t('profile.othersEnded'));
    await refetch();
  };
  const endOne = async (id: string) => {
    await end({ variables: { input: { id } } });
    notifyDone(t('profile.sessionEnded'));
    await refetch();
  };
  return (
    <Panel
      title={t('profile.sessions')}
      action={
        (data?.me?.sessions.length ?? 0) > 1 ? (
          <Button
            size="compact-sm"
            mih={28}
            variant="default"
            onClick={() => void endAllOthers().catch(() => undefined)}
          >
            {t('profile.endOthers')}
          </Button>
        ) : null
      }
    >
      {error || refused || kept ? (
        <FaultNotice error={error ?? refused ?? kept} onRetry={() => void refetch()} />
      ) : null}
      {!data && !error ? <RowsSkeleton rows={2} height={52} /> : null}
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {(data?.me?.sessions ?? []).map((session) => (
          <Group component="li" key={session.id} justify="space-between" wrap="nowrap" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" truncate>
                {deviceName(session.device) ?? t('common.unknown')}
              </Text>
              <Text size="xs" c="dimmed">
                {t('profile.lastUsed', { when: formatDateTime(session.lastUsedAt) })} ·{' '}
                {t('profile.until', { when: formatDateTime(session.expiresAt) })}
              </Text>
            </div>
            {session.current ? (
              <Badge style={{ flex: 'none' }}>{t('profile.thisOne')}</Badge>
            ) : (
              <Button
                size="compact-sm"
                mih={28}
                variant="default"
                style={{ flex: 'none' }}
                disabled={loading}
                aria-label={t('profile.endSession', { device: deviceName(session.device) ?? t('common.unknown') })}
                onClick={() => void endOne(session.id).catch(() => undefined)}
              >
                {t('profile.end')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
