import { useQuery } from '@apollo/client/react';
import { Button, Center, Timeline } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../session/use-session';
import { EmptyState } from '../../ui/EmptyState';
import { FaultNotice } from '../../ui/FaultNotice';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { usePatient } from '../patients/patient-context';
import { PatientVisits } from './documents';
import { VisitCard } from './VisitCard';
import { LinkButton } from '../../ui/links';

const pageSize = 20;

/** All visits of the patient, newest first. */
export function VisitsTab() {
  const { t } = useTranslation();
  const { id: patientId, deletedAt } = usePatient();
  const mayWrite = useMay('VISIT_WRITE') && !deletedAt;
  const { data, error, loading, refetch, fetchMore } = useQuery(PatientVisits, {
    variables: { patientId, first: pageSize },
    notifyOnNetworkStatusChange: true,
  });
  if (error && !data) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={4} height={90} />;
  const { edges, pageInfo } = data.visits;
  if (edges.length === 0) {
    return (
      <EmptyState
        icon={IconStethoscope}
        title={t('visit.none')}
        action={
          mayWrite ? (
            <LinkButton to="/patients/$patientId/visits/new" params={{ patientId }}>
              {t('visit.new')}
            </LinkButton>
          ) : null
        }
      />
    );
  }
  return (
    <>
      <Timeline bulletSize={14} lineWidth={2} active={-1} aria-label={t('tab.visits')}>
        {edges.map(({ node }) => (
          <Timeline.Item key={node.id}>
            <VisitCard visit={node} patientId={patientId} />
          </Timeline.Item>
        ))}
      </Timeline>
      {pageInfo.hasNextPage ? (
        <Center mt="md">
          <Button
            variant="default"
            loading={loading}
            onClick={() => void fetchMore({ variables: { after: pageInfo.endCursor } })}
          >
            {t('visit.older')}
          </Button>
        </Center>
      ) : null}
    </>
  );
}
