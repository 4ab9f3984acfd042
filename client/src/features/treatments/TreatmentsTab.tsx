import { useQuery } from '@apollo/client/react';
import { Badge, Button, Center, Group, Paper, Stack, Text } from '@mantine/core';
import { IconPill } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PatientTreatmentsQuery } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { EmptyState } from '../../ui/EmptyState';
import { findDraft } from '../../ui/drafts';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { usePatient } from '../patients/patient-context';
import { PatientTreatments } from './documents';
import { TreatmentForm } from './TreatmentForm';
import { treatmentDraft, WRITING } from './writing';

type Update = PatientTreatmentsQuery['treatmentUpdates']['edges'][number]['node'];

/** The newest treatment beside the next one to be written, and everything before it. Nothing is ever overwritten. */
export function TreatmentsTab() {
  const { t } = useTranslation();
  const { id: patientId, deletedAt } = usePatient();
  const mayWrite = useMay('TREATMENT_WRITE') && !deletedAt;
  const { hash } = useLocation();
  const [state, setState] = useState<'reading' | 'writing' | 'written'>(() =>
    hash === WRITING || findDraft(treatmentDraft(patientId)) ? 'writing' : 'reading',
  );
  const { data, error, loading, refetch, fetchMore } = useQuery(PatientTreatments, {
    variables: { patientId, first: 20 },
    notifyOnNetworkStatusChange: true,
  });
  if (error && !data) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={3} height={110} />;
  const { edges, pageInfo } = data.treatmentUpdates;
  const updates = edges.map((edge) => edge.node);
  return (
    <Stack>
      {mayWrite && state === 'writing' ? (
        <TreatmentForm previous={updates[0]} onDone={() => setState('written')} />
      ) : null}
      {mayWrite && state !== 'writing' ? (
        <div>
          {/* After the form the focus goes back to where it was opened. */}
          <Button autoFocus={state === 'written'} onClick={() => setState('writing')}>
            {t('treatment.new')}
          </Button>
        </div>
      ) : null}
      {updates.length === 0 ? <EmptyState icon={IconPill} title={t('treatment.none')} /> : null}
      <Stack component="ol" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('treatment.history')}>
        {updates.map((update, place) => (
          <li key={update.id}>
            <TreatmentCard update={update} newest={place === 0} />
          </li>
        ))}
      </Stack>
      {pageInfo.hasNextPage ? (
        <Center>
          <Button
            variant="default"
            loading={loading}
            onClick={() => void fetchMore({ variables: { after: pageInfo.endCursor } })}
          >
            {t('treatment.older')}
          </Button>
        </Center>
      ) : null}
    </Stack>
  );
}

function TreatmentCard({ update, newest }: { update: Update; newest: boolean }) {
  const { t } = useTranslation();
  return (
    <Paper p="md" bg="var(--chartseal-surface)">
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="xs" c="dimmed">
          {formatDateTime(update.at)} · {update.author?.name ?? t('common.unknownPerson')}
          {update.author ? ` (${t(`role.${update.author.role}`)})` : ''}
          {update.visit ? ` · ${t('treatment.atVisit', { when: formatDateTime(update.visit.startedAt) })}` : ''}
        </Text>
        <Group gap={6}>
          {newest ? <Badge variant="outline">{t('treatment.newest')}</Badge> : null}
          <Badge color={update.status === 'ONGOING' ? 'seal' : 'gray'}>{t(`treatmentStatus.${update.status}`)}</Badge>
        </Group>
      </Group>
      <Text size="sm" className="written">
        {update.text}
      </Text>
    </Paper>
  );
}
