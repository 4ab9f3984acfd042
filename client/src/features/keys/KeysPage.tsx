import { useQuery } from '@apollo/client/react';
import { SimpleGrid, Stack } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { byItself } from '../../session/activity';
import { Only } from '../../shell/NoAccess';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { ColumnsPanel } from './ColumnsPanel';
import { CustodyPanel } from './CustodyPanel';
import { DataKeysPanel } from './DataKeysPanel';
import { KeyringState } from './documents';
import { GenerationsPanel } from './GenerationsPanel';
import { JobCard } from './JobCard';
import { KeyActions } from './KeyActions';
import { KeyringCard } from './KeyringCard';
import { KeysDuePanel } from './KeysDuePanel';

const POLL_MS = 2000;

export function KeysPage() {
  const { t } = useTranslation();
  return (
    <Only permission="KEYS_MANAGE">
      <PageHeading title={t('keys.title')} note={t('keys.note')} />
      <Keys />
    </Only>
  );
}

function Keys() {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(KeyringState, {
    fetchPolicy: 'cache-and-network',
    skipPollAttempt: () => document.hidden,
    context: { headers: byItself },
  });
  const running = data?.keyring.job?.state === 'RUNNING';
  useEffect(() => {
    // Figures change while a job runs, and hardly otherwise.
    if (running) startPolling(POLL_MS);
    else stopPolling();
    return stopPolling;
  }, [running, startPolling, stopPolling]);

  if (!data)
    return error ? (
      <FaultNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <RowsSkeleton rows={4} height={110} />
    );
  const { keyring } = data;
  return (
    <Stack>
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      <KeyringCard keyring={keyring} />
      <KeyActions running={running} onStarted={() => void refetch()} />
      {keyring.job ? <JobCard job={keyring.job} /> : null}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <CustodyPanel keyring={keyring} />
        <Stack>
          <DataKeysPanel counts={keyring.dataKeys} />
          <GenerationsPanel generations={keyring.generations} />
        </Stack>
      </SimpleGrid>
      <ColumnsPanel keyring={keyring} />
      {/* A finished job has other keys due. */}
      <KeysDuePanel key={keyring.job?.state} />
    </Stack>
  );
}
