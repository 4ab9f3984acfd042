import { useQuery } from '@apollo/client/react';
import { Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../session/use-session';
import { formatDateTime } from '../../ui/format';
import { AlarmHistory as Query } from './documents';
import { alarmTitle } from './alarm-title';

/** Alarms there were, on the page of the log: what, since when, and who took note with which words. None: nothing is shown. */
export function AlarmHistory() {
  return useMay('AUDIT_VERIFY') ? <History /> : null;
}

function History() {
  const { t } = useTranslation();
  const { data } = useQuery(Query, { fetchPolicy: 'cache-and-network' });
  // Those that still wait for somebody stand above every page, this one too.
  const past = data?.auditLog.alarms.filter(({ acknowledgedAt, endedAt }) => acknowledgedAt ?? endedAt) ?? [];
  if (past.length === 0) return null;
  return (
    <Paper component="section" p="md" bg="var(--chartseal-surface)" aria-labelledby="alarm-history">
      <Title order={2} size="h4" id="alarm-history" mb="xs">
        {t('alarm.history')}
      </Title>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {past.map((alarm) => (
          <li key={alarm.id}>
            <Text size="sm" fw={600}>
              {alarmTitle(alarm, t)}
            </Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {alarm.finding}
            </Text>
            <Text size="xs" c="dimmed">
              {[
                t('alarm.raised', { at: formatDateTime(alarm.raisedAt) }),
                alarm.endedAt ? t('alarm.ended', { at: formatDateTime(alarm.endedAt) }) : '',
              ].join(' ')}
            </Text>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {alarm.acknowledgedAt
                ? `${t('alarm.acknowledged', {
                    name: alarm.acknowledgedBy?.name ?? t('common.unknownPerson'),
                    at: formatDateTime(alarm.acknowledgedAt),
                  })}: ${alarm.note ?? ''}`
                : t('alarm.unanswered')}
            </Text>
          </li>
        ))}
      </Stack>
    </Paper>
  );
}
