import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Code, Group, Loader, Paper, Spoiler, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconClockSearch, IconShieldCheck, IconShieldX, type Icon } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { LogState, LogStatusPartsFragment } from '../../gql/graphql';
import { byItself } from '../../session/activity';
import { useMay } from '../../session/use-session';
import { Fact, Facts } from '../../ui/Fact';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime, formatNumber } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { LogStatus, VerifyLog } from './documents';

const looks: Record<LogState, { icon: Icon; color: string }> = {
  VERIFIED: { icon: IconShieldCheck, color: 'seal' },
  CHECKING: { icon: IconClockSearch, color: 'blue' },
  UNVERIFIED: { icon: IconClockSearch, color: 'gray' },
  BROKEN: { icon: IconShieldX, color: 'orange' },
};

/** One line that says whether the log can be believed, and the figures behind it. */
export function StatusCard({ details = true }: { details?: boolean }) {
  const { t } = useTranslation();
  const mayVerify = useMay('AUDIT_VERIFY');
  const { data, error, refetch } = useQuery(LogStatus, {
    pollInterval: 30_000,
    skipPollAttempt: () => document.hidden,
    context: { headers: byItself },
  });
  const [verify, { loading: verifying, error: failed, data: verified }] = useMutation(VerifyLog, {
    update: (cache, { data: fresh }) => {
      if (fresh) cache.writeQuery({ query: LogStatus, data: { auditLog: fresh.verifyAuditLog } });
    },
  });
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={1} height={96} />;
  const status = data.auditLog;
  const { icon: Glyph, color } = looks[verifying ? 'CHECKING' : status.state];
  return (
    <Paper component="section" p="md" bg="var(--chartseal-surface)" aria-label={t('log.card')}>
      <Group justify="space-between" gap="md">
        <Group gap="md" wrap="nowrap">
          <ThemeIcon size={44} radius="xl" color={color} variant="light" aria-hidden>
            {verifying ? <Loader size={22} color={color} /> : <Glyph size={24} />}
          </ThemeIcon>
          <div role="status" aria-live="polite" style={{ overflowWrap: 'anywhere' }}>
            <Text fw={650} size="lg">
              {verifying ? t('log.verifying') : statusLine(status, t)}
            </Text>
            <Text size="sm" c="dimmed">
              {t('log.size', { size: formatNumber(status.size), pending: formatNumber(status.pending) })}
            </Text>
            {status.finding ? <Text size="sm">{status.finding}</Text> : null}
          </div>
        </Group>
        {mayVerify ? (
          <Button variant="default" loading={verifying} onClick={() => void verify().catch(() => undefined)}>
            {t('log.verifyNow')}
          </Button>
        ) : null}
      </Group>
      {failed ? <FaultNotice error={failed} /> : null}
      {verified && !verifying ? (
        <Text size="xs" c="dimmed" mt="xs">
          {t('log.checkedNow')}
        </Text>
      ) : null}
      {details ? <Figures status={status} /> : null}
    </Paper>
  );
}

type Translate = TFunction;

function statusLine(status: LogStatusPartsFragment, t: Translate): string {
  const to = formatNumber(Math.max(0, status.verifiedTo));
  if (status.state === 'BROKEN') return t('log.broken', { at: formatNumber(status.brokenAt ?? 0) });
  // Right after a start nothing has been checked yet, although nothing was found wrong either.
  const nothingChecked = status.verifiedTo <= 0 && status.size > 0;
  if (status.state === 'VERIFIED' && !nothingChecked)
    return t('log.verified', { to, at: formatDateTime(status.verifiedAt) });
  if (status.state === 'CHECKING') return t('log.checking', { to });
  return t('log.unverified');
}

function Figures({ status }: { status: LogStatusPartsFragment }) {
  const { t } = useTranslation();
  return (
    <Spoiler maxHeight={0} mt="sm" showLabel={t('log.showFigures')} hideLabel={t('log.hideFigures')}>
      <Stack gap="xs" pt="xs">
        <Facts columns={3}>
          <Fact label={t('log.signed')}>{formatDateTime(status.checkpointAt)}</Fact>
          <Fact label={t('log.cosigned')}>{reached(status.cosignedSize, status.cosignedAt, t)}</Fact>
          <Fact label={t('log.timeStamped')}>{reached(status.timeStampedSize, status.timeStampedAt, t)}</Fact>
        </Facts>
        <Facts columns={1}>
          <Fact label={t('log.root')}>
            <Code>{status.root}</Code>
          </Fact>
        </Facts>
        <Text size="xs" c="dimmed">
          {t('log.checkpoint')}
        </Text>
        {status.checkpoint ? (
          <Code block tabIndex={0} role="region" aria-label={t('log.checkpoint')}>
            {status.checkpoint}
          </Code>
        ) : (
          <Text size="sm">{t('log.noCheckpoint')}</Text>
        )}
      </Stack>
    </Spoiler>
  );
}

/** How much of the log others have signed, and when; that nobody has is said. */
function reached(size: number | null | undefined, at: string | null | undefined, t: Translate): string {
  if (typeof size !== 'number') return t('log.nobodyYet');
  return t('log.reached', { size: formatNumber(size), at: formatDateTime(at) });
}
