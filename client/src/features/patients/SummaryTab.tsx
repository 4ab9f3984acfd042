import { useFragment } from '@apollo/client/react';
import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RecentPartsFragment } from '../../gql/graphql';
import { Fact, Facts } from '../../ui/Fact';
import { formatDate, formatDateTime } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { VisitStatusBadge } from '../visits/VisitStatusBadge';
import { holds, isAdult } from '../visits/vitals';
import { VitalsReadings } from '../visits/VitalsReadings';
import { byGravity } from './allergies';
import { CareTeam } from './CareTeam';
import { ClinicalParts, LATEST_VISITS, RecentParts } from './fragments';
import { usePatient } from './patient-context';
import { SummaryLines } from './SummaryLines';
import { LinkAnchor } from '../../ui/links';

/** The page a clinician reads first: what the patient has, takes, had, and who cares for them. */
export function SummaryTab() {
  const { t } = useTranslation();
  const patient = usePatient();
  const clinical = useFragment({ fragment: ClinicalParts, from: patient });
  const recent = useFragment({ fragment: RecentParts, fragmentName: 'RecentParts', from: patient });
  if (!clinical.complete || !recent.complete) return null;
  const { data } = clinical;
  const visits = recent.data.visits.edges.map((edge) => edge.node);
  const measured = visits.find((visit) => visit.vitals && holds(visit));
  const treatments = recent.data.treatmentUpdates.edges.map((edge) => edge.node);
  const params = { patientId: patient.id };

  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Panel title={t('patient.clinical')}>
        <Facts columns={1}>
          <Fact label={t('patient.diagnosis')}>{data.diagnosis}</Fact>
          <Fact label={t('patient.treatment')}>{data.treatment}</Fact>
          <Fact label={t('patient.history')}>{data.medicalHistory}</Fact>
        </Facts>
      </Panel>
      <Panel
        title={t('patient.lastVitals')}
        action={
          <LinkAnchor to="/patients/$patientId/vitals" params={params} size="sm">
            {t('patient.allVitals')}
          </LinkAnchor>
        }
      >
        {measured?.vitals ? (
          <Stack gap="xs">
            <Text size="xs" c="dimmed">
              {formatDateTime(measured.startedAt)}
            </Text>
            <VitalsReadings vitals={measured.vitals} adult={isAdult(patient.birthDate, measured.startedAt)} />
          </Stack>
        ) : (
          <Text size="sm" c="dimmed">
            {visits.length < LATEST_VISITS ? t('vitals.none') : t('vitals.noneLately')}
          </Text>
        )}
      </Panel>
      <Panel title={t('patient.problems')}>
        <SummaryLines
          empty={t('patient.noProblems')}
          lines={data.problems.map((one) => ({
            text: one.text,
            note: one.onset ? t('patient.since', { when: formatDate(one.onset) }) : undefined,
            badge: t(`problemStatus.${one.status}`),
            active: one.status === 'ACTIVE',
          }))}
        />
      </Panel>
      <Panel title={t('patient.medications')}>
        <SummaryLines
          empty={t('patient.noMedications')}
          lines={data.medications.map((one) => ({
            text: one.text,
            note: one.dose ?? undefined,
            badge: t(`medicationStatus.${one.status}`),
            active: one.status === 'ACTIVE',
          }))}
        />
      </Panel>
      <RecentVisits visits={visits} patientId={patient.id} />
      <Panel
        title={t('patient.recentTreatments')}
        action={
          <LinkAnchor to="/patients/$patientId/treatments" params={params} size="sm">
            {t('patient.allTreatments')}
          </LinkAnchor>
        }
      >
        <SummaryLines
          empty={t('treatment.none')}
          lines={treatments.map((one) => ({
            text: one.text,
            note: `${one.author?.name ?? t('common.unknownPerson')} · ${formatDateTime(one.at)}`,
            badge: t(`treatmentStatus.${one.status}`),
            active: one.status === 'ONGOING',
          }))}
        />
      </Panel>
      <Panel title={t('patient.allergies')}>
        <SummaryLines
          empty={t('patient.noAllergies')}
          lines={byGravity(data.allergies).map((one) => ({
            text: one.substance,
            note: one.reaction ?? undefined,
            badge: t(`severity.${one.severity}`),
            active: true,
            danger: one.severity === 'SEVERE',
          }))}
        />
      </Panel>
      <CareTeam patient={patient} />
    </SimpleGrid>
  );
}

type RecentVisit = RecentPartsFragment['visits']['edges'][number]['node'];

function RecentVisits({ visits, patientId }: { visits: RecentVisit[]; patientId: string }) {
  const { t } = useTranslation();
  return (
    <Panel
      title={t('patient.recentVisits')}
      action={
        <LinkAnchor to="/patients/$patientId/visits" params={{ patientId }} size="sm">
          {t('patient.allVisits')}
        </LinkAnchor>
      }
    >
      {visits.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('visit.none')}
        </Text>
      ) : null}
      <Stack component="ul" gap={8} m={0} p={0} style={{ listStyle: 'none' }}>
        {visits.map((visit) => (
          <Group component="li" key={visit.id} justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
            <div>
              <LinkAnchor to="/patients/$patientId/visits/$visitId" params={{ patientId, visitId: visit.id }} size="sm">
                {formatDateTime(visit.startedAt)} · {t(`visitType.${visit.type}`)}
              </LinkAnchor>
              <Text size="xs" c="dimmed">
                {visit.diagnosis ?? visit.reason ?? t('common.notRecorded')}
              </Text>
            </div>
            <VisitStatusBadge status={visit.status} />
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
