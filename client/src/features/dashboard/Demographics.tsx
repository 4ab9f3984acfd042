import { useQuery } from '@apollo/client/react';
import { BarChart, DonutChart } from '@mantine/charts';
import { Group, SegmentedControl, SimpleGrid, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { Gender, HospitalChartsQuery } from '../../gql/graphql';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatNumber } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { TableTwin } from './TableTwin';

const HospitalCharts = graphql(`
  query HospitalCharts {
    demographics {
      total
      ageBands {
        label
        gender
        count
      }
      decades {
        label
        gender
        count
      }
      genders {
        label
        gender
        count
      }
    }
  }
`);

type Cell = HospitalChartsQuery['demographics']['ageBands'][number];

const colours: Record<Gender, string> = { FEMALE: 'seal.6', MALE: 'indigo.5', OTHER: 'yellow.6', UNKNOWN: 'gray.5' };
const genders: Gender[] = ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN'];

/** Who the hospital cares for, by age and gender. Counts of one to four are hidden: they could point at a person. */
export function Demographics() {
  const { t } = useTranslation();
  const [steps, setSteps] = useState<'ageBands' | 'decades'>('ageBands');
  const { data, error, refetch } = useQuery(HospitalCharts);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={1} height={280} />;
  const { demographics } = data;
  const cells = demographics[steps];
  const present = genders.filter((gender) => cells.some((cell) => cell.gender === gender && cell.count !== 0));
  const labels = [...new Set(cells.map((cell) => cell.label))];
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Panel
        title={t('charts.age')}
        action={
          <SegmentedControl
            size="xs"
            value={steps}
            onChange={(value) => setSteps(value as typeof steps)}
            aria-label={t('charts.steps')}
            data={[
              { value: 'ageBands', label: t('charts.bands') },
              { value: 'decades', label: t('charts.decades') },
            ]}
          />
        }
      >
        <BarChart
          h={230}
          type="stacked"
          dataKey="label"
          withLegend
          data={labels.map((label) => ({
            label: label === 'unknown' ? t('common.unknown') : label,
            ...Object.fromEntries(
              present.map((gender) => [t(`gender.${gender}`), find(cells, label, gender)?.count ?? 0]),
            ),
          }))}
          series={present.map((gender) => ({ name: t(`gender.${gender}`), color: colours[gender] }))}
          barProps={{ isAnimationActive: false }}
          yAxisProps={{ width: 36, allowDecimals: false }}
          xAxisProps={{ interval: steps === 'ageBands' ? 0 : 'preserveStartEnd' }}
          role="img"
          aria-label={t('charts.ageText')}
        />
        <TableTwin
          caption={t('charts.age')}
          columns={present.map((gender) => t(`gender.${gender}`))}
          rows={labels.map((label) => ({
            label: label === 'unknown' ? t('common.unknown') : label,
            counts: present.map((gender) => (find(cells, label, gender) ?? { count: 0 }).count ?? null),
          }))}
        />
      </Panel>
      <GenderPanel cells={demographics.genders} total={demographics.total} />
    </SimpleGrid>
  );
}

function find(cells: Cell[], label: string, gender: Gender): Cell | undefined {
  return cells.find((cell) => cell.label === label && cell.gender === gender);
}

function GenderPanel({ cells, total }: { cells: Cell[]; total: number }) {
  const { t } = useTranslation();
  const shown = cells.filter((cell) => cell.count !== 0);
  return (
    <Panel title={t('charts.gender')}>
      <Group justify="center" gap="xl" mih={230}>
        <DonutChart
          size={180}
          thickness={26}
          chartLabel={formatNumber(total)}
          data={shown.map((cell) => ({
            name: t(`gender.${cell.gender}`),
            value: cell.count ?? 0,
            color: colours[cell.gender],
          }))}
          pieProps={{ isAnimationActive: false }}
          role="img"
          aria-label={t('charts.genderText', { total: formatNumber(total) })}
        />
        <div>
          {shown.map((cell) => (
            <Group key={cell.gender} gap={8} wrap="nowrap">
              <span
                aria-hidden
                style={{
                  width: 10,
                  height: 10,
                  borderRadius: 2,
                  background: `var(--mantine-color-${colours[cell.gender].replace('.', '-')})`,
                }}
              />
              <Text size="sm">
                {t(`gender.${cell.gender}`)}:{' '}
                <strong>{typeof cell.count === 'number' ? formatNumber(cell.count) : t('charts.hidden')}</strong>
              </Text>
            </Group>
          ))}
        </div>
      </Group>
      <TableTwin
        caption={t('charts.gender')}
        columns={[t('charts.people')]}
        rows={shown.map((cell) => ({ label: t(`gender.${cell.gender}`), counts: [cell.count ?? null] }))}
      />
    </Panel>
  );
}
