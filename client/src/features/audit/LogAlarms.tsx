import { useQuery } from '@apollo/client/react';
import { Alert, Anchor, Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconClockExclamation, IconShieldX } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogAlarmPartsFragment } from '../../gql/graphql';
import { byItself } from '../../session/activity';
import { useMay } from '../../session/use-session';
import { formatDateTime } from '../../ui/format';
import { LinkAnchor } from '../../ui/links';
import { alarmTitle, grave } from './alarm-title';
import { AcknowledgeAlarm } from './AcknowledgeAlarm';
import { LogAlarms as Query } from './documents';
import classes from './LogAlarms.module.css';

const POLL_MS = 30_000;
/** More would push the page out of view; the page of the log has them all. */
const MOST = 1;

/** Above every page, for those who answer for the log: alarms that nobody has acknowledged. */
export function LogAlarms() {
  return useMay('AUDIT_VERIFY') ? <Alarms /> : null;
}

function Alarms() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<LogAlarmPartsFragment | null>(null);
  const { data, refetch } = useQuery(Query, {
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden,
    fetchPolicy: 'cache-and-network',
    context: { headers: byItself },
  });
  useEffect(() => {
    const look = () => void refetch().catch(() => undefined);
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [refetch]);
  const alarms = (data?.logAlarms ?? [])
    .filter(({ acknowledgedAt }) => acknowledgedAt === null)
    .sort((one, other) => Number(grave[other.kind]) - Number(grave[one.kind]));
  const shown = all ? alarms : alarms.slice(0, MOST);
  return (
    <>
      <VisuallyHidden role="status">{alarms.map((alarm) => alarmTitle(alarm, t)).join('. ')}</VisuallyHidden>
      {alarms.length > 0 ? (
        <Stack component="section" gap="xs" mb="md" aria-label={t('alarm.section')} className={classes.alarms}>
          {shown.map((alarm) => (
            <OneAlarm key={alarm.id} alarm={alarm} link={pathname !== '/audit'} onAsk={() => setAsked(alarm)} />
          ))}
          {alarms.length > shown.length ? (
            <Anchor component="button" type="button" size="sm" ta="left" onClick={() => setAll(true)}>
              {t('alarm.more', { count: alarms.length - shown.length })}
            </Anchor>
          ) : null}
        </Stack>
      ) : null}
      <AcknowledgeAlarm alarm={asked} onClose={() => setAsked(null)} />
    </>
  );
}

interface AlarmProps {
  alarm: LogAlarmPartsFragment;
  /** Whether to lead to the page of the log. */
  link: boolean;
  onAsk: () => void;
}

function OneAlarm({ alarm, link, onAsk }: AlarmProps) {
  const { t } = useTranslation();
  const mayAcknowledge = useMay('AUDIT_ACKNOWLEDGE');
  const Glyph = grave[alarm.kind] ? IconShieldX : IconClockExclamation;
  return (
    <Alert
      color={grave[alarm.kind] ? 'orange' : 'gray'}
      variant="light"
      icon={<Glyph aria-hidden />}
      title={alarmTitle(alarm, t)}
      role="group"
    >
      <Group justify="space-between" align="flex-end" gap="sm">
        <Stack gap={2} flex="1 1 260px" miw={0}>
          <Text size="sm" lineClamp={link ? 2 : undefined} style={{ overflowWrap: 'anywhere' }}>
            {alarm.finding}
          </Text>
          <Text size="xs">
            {t('alarm.raised', { at: formatDateTime(alarm.raisedAt) })}
            {alarm.endedAt ? ` ${t('alarm.ended', { at: formatDateTime(alarm.endedAt) })}` : ''}
          </Text>
        </Stack>
        <Group gap="sm">
          {link ? (
            <LinkAnchor to="/audit" size="sm">
              {t('alarm.open')}
            </LinkAnchor>
          ) : null}
          {mayAcknowledge ? (
            <Button size="xs" variant="default" onClick={onAsk}>
              {t('alarm.acknowledge')}
            </Button>
          ) : null}
        </Group>
      </Group>
    </Alert>
  );
}
