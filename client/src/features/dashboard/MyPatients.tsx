import { useQuery } from '@apollo/client/react';
import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDate, patientName } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { LinkAnchor } from '../../ui/links';
import { ConfidentialBadge } from '../patients/ConfidentialBadge';

const DashboardPatients = graphql(`
  query DashboardPatients($filter: PatientFilter) {
    patients(filter: $filter, first: 8, orderBy: REGISTERED_DESC) {
      edges {
        node {
          id
          mrn
          name {
            family
            given
          }
          birthDate
          gender
          confidential
          diagnosis
        }
      }
    }
  }
`);

/** Patients of my care teams; for an administrator, who is on none, the newest registrations. */
export function MyPatients({ all }: { all: boolean }) {
  const { t } = useTranslation();
  const filter = all ? {} : { mine: true };
  const { data, error, refetch } = useQuery(DashboardPatients, { variables: { filter } });
  const patients = data?.patients.edges.map((edge) => edge.node);
  return (
    <Panel
      title={all ? t('dashboard.newest') : t('dashboard.mine')}
      action={
        <LinkAnchor to="/patients" size="sm">
          {t('dashboard.allPatients')}
        </LinkAnchor>
      }
    >
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {!patients && !error ? <RowsSkeleton rows={5} height={40} /> : null}
      {patients?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('dashboard.noPatients')}
        </Text>
      ) : null}
      <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
        {patients?.map((patient) => (
          <Group component="li" key={patient.id} justify="space-between" wrap="nowrap" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Group gap="0 8px">
                <LinkAnchor to="/patients/$patientId" params={{ patientId: patient.id }} size="sm" fw={600}>
                  {patientName(patient.name)}
                </LinkAnchor>
                <ConfidentialBadge patient={patient} />
              </Group>
              <Text size="xs" c="dimmed" truncate>
                {patient.diagnosis ?? t('dashboard.noDiagnosis')}
              </Text>
            </div>
            <Text size="xs" c="dimmed" ta="right" style={{ flex: 'none' }}>
              {formatDate(patient.birthDate)}
              <br />
              {t(`gender.${patient.gender}`)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
