import { Alert, Box, Button, Paper, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { VisitPartsFragment } from '../../gql/graphql';
import { Fact, Facts } from '../../ui/Fact';
import { formatDateTime } from '../../ui/format';
import { PageHeading } from '../../ui/PageHeading';
import { usePatient } from '../patients/patient-context';
import { isOpen } from './visit-values';
import { isAdult } from './vitals';
import { VisitHistory } from './VisitHistory';
import { VitalsReadings } from './VitalsReadings';
import { LinkButton } from '../../ui/links';

/**
 * A visit to read, with what it said before it was amended.
 * @param onAmend left out for those who may not
 */
export function VisitReading({ visit, onAmend }: { visit: VisitPartsFragment; onAmend?: () => void }) {
  const { t } = useTranslation();
  const { id: patientId, birthDate } = usePatient();
  return (
    <>
      <PageHeading
        title={t('visit.title')}
        note={`${formatDateTime(visit.startedAt)} · ${t(`visitType.${visit.type}`)}`}
        actions={
          <>
            {onAmend ? <Button onClick={onAmend}>{t('visit.amend')}</Button> : null}
            <LinkButton to="/patients/$patientId/visits" params={{ patientId }} variant="default">
              {t('visit.backToAll')}
            </LinkButton>
          </>
        }
      />
      <Stack>
        {isOpen(visit.status) ? null : <Alert color="gray">{t('visit.closed')}</Alert>}
        <VisitFacts visit={visit} />
        {visit.vitals ? <VitalsReadings vitals={visit.vitals} adult={isAdult(birthDate, visit.startedAt)} /> : null}
        {isOpen(visit.status) ? null : <VisitHistory visit={visit} />}
      </Stack>
    </>
  );
}

export function VisitFacts({ visit }: { visit: VisitPartsFragment }) {
  const { t } = useTranslation();
  return (
    <Box mb="md">
      <Paper p="md" bg="var(--chartseal-surface)">
        <Facts columns={3}>
          <Fact label={t('visit.status')}>{t(`visitStatus.${visit.status}`)}</Fact>
          <Fact label={t('visit.attending')}>{visit.attending?.name}</Fact>
          <Fact label={t('visit.endedAt')}>{visit.endedAt ? formatDateTime(visit.endedAt) : null}</Fact>
          <Fact label={t('visit.reason')}>{visit.reason}</Fact>
          <Fact label={t('patient.diagnosis')}>{visit.diagnosis}</Fact>
          <Fact label={t('visit.notes')}>{visit.notes}</Fact>
        </Facts>
      </Paper>
    </Box>
  );
}
