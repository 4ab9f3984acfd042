import { Group, Paper, Spoiler, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { VisitPartsFragment } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { Fact, Facts } from '../../ui/Fact';
import { formatDateTime } from '../../ui/format';
import { usePatient } from '../patients/patient-context';
import { isOpen } from './visit-values';
import { isAdult } from './vitals';
import { VisitStatusBadge } from './VisitStatusBadge';
import { VitalsReadings } from './VitalsReadings';
import { LinkButton } from '../../ui/links';

/** One visit in the timeline. */
export function VisitCard({ visit, patientId }: { visit: VisitPartsFragment; patientId: string }) {
  const { t } = useTranslation();
  const { birthDate } = usePatient();
  const mayWrite = useMay('VISIT_WRITE');
  const mayMeasure = useMay('VITALS_WRITE');
  const when = formatDateTime(visit.startedAt);
  const label = !isOpen(visit.status)
    ? t('visit.open')
    : mayWrite
      ? t('visit.edit')
      : mayMeasure
        ? t('visit.vitals')
        : t('visit.open');
  return (
    <Paper
      component="article"
      p="md"
      bg="var(--chartseal-surface)"
      aria-label={`${t(`visitType.${visit.type}`)} ${when}`}
    >
      <Group justify="space-between" align="flex-start" gap="xs">
        <div>
          <Title order={2} fz="md">
            {when} · {t(`visitType.${visit.type}`)}
          </Title>
          <Text size="xs" c="dimmed">
            {visit.attending ? t('visit.by', { name: visit.attending.name }) : t('visit.noAttending')}
            {visit.endedAt ? ` · ${t('visit.until', { when: formatDateTime(visit.endedAt) })}` : ''}
          </Text>
        </div>
        <Group gap="xs">
          <VisitStatusBadge status={visit.status} />
          <LinkButton
            to="/patients/$patientId/visits/$visitId"
            params={{ patientId, visitId: visit.id }}
            size="compact-sm"
            variant="default"
            aria-label={`${label} ${when}`}
          >
            {label}
          </LinkButton>
        </Group>
      </Group>
      <Stack gap="sm" mt="sm">
        <Facts>
          <Fact label={t('visit.reason')}>{visit.reason}</Fact>
          <Fact label={t('patient.diagnosis')}>{visit.diagnosis}</Fact>
        </Facts>
        {visit.notes ? (
          <Spoiler maxHeight={66} showLabel={t('common.more')} hideLabel={t('common.less')}>
            <Text size="sm" className="written">
              {visit.notes}
            </Text>
          </Spoiler>
        ) : null}
        {visit.vitals ? <VitalsReadings vitals={visit.vitals} adult={isAdult(birthDate, visit.startedAt)} /> : null}
      </Stack>
    </Paper>
  );
}
