import '@mantine/charts/styles.css';
import { useQuery } from '@apollo/client/react';
import { ScrollArea, SimpleGrid, Stack, Table } from '@mantine/core';
import { IconHeartbeat } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime, formatNumber } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { usePatient } from '../patients/patient-context';
import { PatientVisits } from './documents';
import { deviation, holds, isAdult, vitalSigns } from './vitals';
import { VitalsChart, type Reading } from './VitalsChart';

/** The course of each vital sign over the last hundred visits, as charts and as the same table. */
export function VitalsTab() {
  const { t } = useTranslation();
  const { id: patientId, birthDate } = usePatient();
  const { data, error, refetch } = useQuery(PatientVisits, {
    variables: { patientId, first: 100 },
    fetchPolicy: 'no-cache',
  });
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={3} height={200} />;
  const readings: Reading[] = data.visits.edges
    .flatMap(({ node }) =>
      node.vitals && holds(node)
        ? [{ id: node.id, at: node.startedAt, vitals: node.vitals, adult: isAdult(birthDate, node.startedAt) }]
        : [],
    )
    .sort((one, other) => one.at.localeCompare(other.at));
  const signs = vitalSigns.filter(({ key }) => readings.some((reading) => typeof reading.vitals[key] === 'number'));
  if (signs.length === 0)
    return <EmptyState icon={IconHeartbeat} title={t('vitals.none')} text={t('vitals.noneText')} />;

  const pressure = signs.filter(({ key }) => key === 'systolic' || key === 'diastolic');
  const single = signs.filter((sign) => !pressure.includes(sign));
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {pressure.length > 0 ? <VitalsChart title={t('vitals.pressure')} signs={pressure} readings={readings} /> : null}
        {single.map((sign) => (
          <VitalsChart key={sign.key} title={t(`vitals.${sign.key}`)} signs={[sign]} readings={readings} />
        ))}
      </SimpleGrid>
      <Panel title={t('vitals.table')}>
        <ScrollArea.Autosize
          type="auto"
          mah={420}
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('vitals.table') }}
        >
          <Table stickyHeader striped>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('vitals.when')}</Table.Th>
                {signs.map((sign) => (
                  <Table.Th key={sign.key} scope="col">
                    {t(`vitals.${sign.key}`)} ({sign.unit})
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {[...readings].reverse().map((reading) => (
                <Table.Tr key={reading.id}>
                  <Table.Th scope="row" style={{ whiteSpace: 'nowrap' }}>
                    {formatDateTime(reading.at)}
                  </Table.Th>
                  {signs.map((sign) => {
                    const value = reading.vitals[sign.key];
                    if (typeof value !== 'number') return <Table.Td key={sign.key}>–</Table.Td>;
                    const side = deviation(sign, value, reading.adult);
                    return (
                      <Table.Td
                        key={sign.key}
                        c={side ? 'var(--chartseal-danger)' : undefined}
                        fw={side ? 600 : undefined}
                      >
                        {formatNumber(value, sign.decimals)}
                        {side ? ` ${side === 'high' ? '↑' : '↓'} ${t(`vitals.${side}`)}` : ''}
                      </Table.Td>
                    );
                  })}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </Panel>
    </Stack>
  );
}
