import { useQuery } from '@apollo/client/react';
import { Group, Paper, Text, ThemeIcon } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { byItself } from '../../session/activity';
import { LinkButton } from '../../ui/links';
import { GrantsWaiting } from './documents';

/** For reviewers: how many emergency accesses wait for them, and how many are open. */
export function WaitingCard() {
  const { t } = useTranslation();
  const { waiting, open } = useGrantsWaiting();
  return (
    <Paper component="section" p="md" bg="var(--chartseal-surface)" aria-label={t('review.title')}>
      <Group justify="space-between" gap="md">
        <Group gap="md" wrap="nowrap">
          <ThemeIcon size={44} radius="xl" color={waiting > 0 ? 'orange' : 'gray'} variant="light" aria-hidden>
            <IconUrgent size={24} />
          </ThemeIcon>
          <div>
            <Text fw={650} size="lg">
              {waiting > 0 ? t('review.waiting', { count: waiting }) : t('review.nothingWaits')}
            </Text>
            {open > 0 ? (
              <Text size="sm" c="dimmed">
                {t('review.open', { count: open })}
              </Text>
            ) : null}
          </div>
        </Group>
        <LinkButton to="/reviews" variant="default">
          {t('review.toQueue')}
        </LinkButton>
      </Group>
    </Paper>
  );
}

/** Asked again every minute: an emergency does not wait for a reload. */
export function useGrantsWaiting(skip = false): { waiting: number; open: number } {
  const { data } = useQuery(GrantsWaiting, {
    skip,
    pollInterval: 60_000,
    skipPollAttempt: () => document.hidden,
    context: { headers: byItself },
  });
  return { waiting: data?.waiting.totalCount ?? 0, open: data?.open.totalCount ?? 0 };
}
