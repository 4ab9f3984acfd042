import { Alert, Group, Paper, Progress, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDateTime, formatNumber } from '../../ui/format';
import type { Job } from './types';

/** The job that runs, or how the last one ended. */
export function JobCard({ job }: { job: Job }) {
  const { t } = useTranslation();
  const name = t(`keys.job.${job.kind}`);
  if (job.state === 'FAILED') {
    return (
      <Alert
        color="orange"
        icon={<IconAlertTriangle aria-hidden />}
        title={t('keys.job.failed', { name })}
        role="alert"
      >
        {t('keys.job.failedText', { when: formatDateTime(job.finishedAt ?? job.startedAt), ...figures(job) })}
      </Alert>
    );
  }
  if (job.state === 'DONE') {
    return (
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <IconCheck size={18} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
        <Text size="sm" role="status">
          {t('keys.job.done', { name, when: formatDateTime(job.finishedAt), ...figures(job) })}
        </Text>
      </Group>
    );
  }
  return <Running job={job} name={name} />;
}

function Running({ job, name }: { job: Job; name: string }) {
  const { t } = useTranslation();
  const share = job.total > 0 ? Math.min(100, Math.floor((job.done / job.total) * 100)) : 0;
  return (
    <Paper component="section" p="md" bg="var(--chartseal-surface)" aria-label={t('keys.job.title')}>
      <Group justify="space-between" gap="sm" mb="xs">
        <Title order={2} role="status">
          {t('keys.job.running', { name })}
        </Title>
        <Text size="sm" c="dimmed">
          {job.total > 0 ? t('keys.job.progress', { ...figures(job), share }) : t('keys.job.starting')}
        </Text>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label={name} animated={job.total === 0} />
      </Progress.Root>
      <Text size="sm" c="dimmed" mt="xs">
        {t('keys.job.runningText', { when: formatDateTime(job.startedAt) })}
      </Text>
    </Paper>
  );
}

function figures({ done, total }: Job) {
  return { done: formatNumber(done), total: formatNumber(total) };
}
