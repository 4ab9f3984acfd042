import { useQuery } from '@apollo/client/react';
import { Group, Paper, Stack, Text } from '@mantine/core';
import { IconPill } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TreatmentWorklistQuery } from '../../gql/graphql';
import { Only } from '../../shell/NoAccess';
import { EmptyState } from '../../ui/EmptyState';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDate, formatDateTime, patientName } from '../../ui/format';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { ConfidentialBadge } from '../patients/ConfidentialBadge';
import { TreatmentWorklist } from './documents';
import { WRITING } from './writing';
import { LinkAnchor, LinkButton } from '../../ui/links';

type Patient = TreatmentWorklistQuery['patients']['edges'][number]['node'];

/** The shift's worklist: my patients, what is being done, and when it was last written down. */
export function WorklistPage() {
  const { t } = useTranslation();
  return (
    <Only permission="TREATMENT_WRITE">
      <PageHeading title={t('worklist.title')} note={t('worklist.note')} />
      <Worklist />
    </Only>
  );
}

function Worklist() {
  const { t } = useTranslation();
  const pages = usePages(20, 'worklist');
  const { data, error, refetch } = useQuery(TreatmentWorklist, {
    variables: pages.variables,
    fetchPolicy: 'network-only',
  });
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={6} height={72} />;
  const { edges, pageInfo } = data.patients;
  if (edges.length === 0) {
    return <EmptyState icon={IconPill} title={t('worklist.none')} text={t('worklist.noneText')} />;
  }
  return (
    <>
      <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('worklist.title')}>
        {edges.map(({ node }) => (
          <li key={node.id}>
            <WorklistRow patient={node} />
          </li>
        ))}
      </Stack>
      <Pager pageInfo={pageInfo} pages={pages} />
    </>
  );
}

function WorklistRow({ patient }: { patient: Patient }) {
  const { t } = useTranslation();
  const last = patient.treatmentUpdates.edges[0]?.node;
  const name = patientName(patient.name);
  const params = { patientId: patient.id };
  return (
    <Paper p="sm" bg="var(--chartseal-surface)">
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ flex: '1 1 300px', minWidth: 0 }}>
          <Group gap="0 8px">
            <LinkAnchor to="/patients/$patientId" params={params} fw={600}>
              {name}
            </LinkAnchor>
            <ConfidentialBadge patient={patient} />
          </Group>
          <Text size="xs" c="dimmed">
            {formatDate(patient.birthDate)} · {t('patient.mrn')} {patient.mrn}
          </Text>
        </div>
        <div style={{ flex: '2 1 300px', minWidth: 0 }}>
          <Text size="sm" lineClamp={2} c={patient.treatment ? undefined : 'dimmed'}>
            {patient.treatment ?? t('treatment.none')}
          </Text>
          {last ? (
            <Text size="xs" c="dimmed">
              {t(`treatmentStatus.${last.status}`)} · {formatDateTime(last.at)} ·{' '}
              {last.author?.name ?? t('common.unknownPerson')}
            </Text>
          ) : null}
        </div>
        <LinkButton
          to="/patients/$patientId/treatments"
          params={params}
          hash={WRITING}
          variant="default"
          size="xs"
          aria-label={t('worklist.updateFor', { name })}
        >
          {t('worklist.update')}
        </LinkButton>
      </Group>
    </Paper>
  );
}
