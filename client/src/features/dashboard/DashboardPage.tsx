import '@mantine/charts/styles.css';
import { Alert, SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay, useMe } from '../../session/use-session';
import { PageHeading } from '../../ui/PageHeading';
import { StatusCard } from '../audit/StatusCard';
import { SecondFactorHint } from '../second-factor/SecondFactorHint';
import { WaitingCard } from '../break-glass/WaitingCard';
import { Demographics } from './Demographics';
import { FindPatient } from './FindPatient';
import { MyPatients } from './MyPatients';
import { TodaysVisits } from './TodaysVisits';

/** Where a shift begins: find a patient, see one's own, see today. */
export function DashboardPage() {
  const { t } = useTranslation();
  const me = useMe();
  const mayFind = useMay('PATIENT_READ');
  const maySeeCharts = useMay('DEMOGRAPHICS_READ');
  const mayVerify = useMay('AUDIT_VERIFY');
  const mayReview = useMay('BREAK_GLASS_REVIEW');
  if (!me) return null;
  return (
    <>
      <PageHeading
        title={t('dashboard.title')}
        note={t('dashboard.greeting', { name: me.name, role: t(`role.${me.role}`) })}
      />
      <Stack>
        {me.role === 'ADMIN' ? <SecondFactorHint /> : null}
        {mayFind ? <FindPatient /> : null}
        {mayVerify ? <StatusCard details={false} /> : null}
        {mayReview ? <WaitingCard /> : null}
        {!mayFind && !mayVerify ? <Alert color="gray">{t('dashboard.nothing')}</Alert> : null}
        {mayFind ? (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <MyPatients all={me.role === 'ADMIN'} />
            <TodaysVisits />
          </SimpleGrid>
        ) : null}
        {maySeeCharts ? <Demographics /> : null}
      </Stack>
    </>
  );
}
