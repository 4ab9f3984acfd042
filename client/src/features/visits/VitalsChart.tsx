import { LineChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ReferenceArea } from 'recharts';
import type { VitalsPartsFragment } from '../../gql/graphql';
import { formatDay, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { roundMarks } from './axis';
import type { VitalSign } from './vitals';

export interface Reading {
  id: string;
  at: string;
  vitals: VitalsPartsFragment;
  adult: boolean;
}

interface Props {
  title: string;
  signs: VitalSign[];
  readings: Reading[];
}

/** The day of a moment on the time axis, where readings stand as far apart as they were taken. */
const dayOf = (at: number) => formatDay(new Date(at).toISOString());

const colours = ['seal.6', 'indigo.6'];

/** One sign (or the two of blood pressure) over time, with the usual range of an adult as a band. */
export function VitalsChart({ title, signs, readings }: Props) {
  const { t } = useTranslation();
  const data = readings
    .filter((reading) => signs.some(({ key }) => typeof reading.vitals[key] === 'number'))
    .map((reading) => ({
      when: Date.parse(reading.at),
      ...Object.fromEntries(signs.map(({ key }) => [t(`vitals.${key}`), reading.vitals[key] ?? null])),
    }));
  const adult = readings.at(-1)?.adult ?? true;
  const bands = signs.flatMap((sign) => (sign.usual && adult ? [sign.usual] : []));
  const values = readings.flatMap(({ vitals }) =>
    signs.flatMap(({ key }) => ((vitals[key] ?? null) === null ? [] : [Number(vitals[key])])),
  );
  const all = [...values, ...bands.flat()];
  const marks = roundMarks(Math.min(...all), Math.max(...all));
  const unit = signs[0]?.unit ?? '';
  const last = signs
    .map(({ key }) => readings.findLast(({ vitals }) => typeof vitals[key] === 'number')?.vitals[key])
    .join('/');
  const range = bands.map(([from, to]) => `${formatNumber(from, 1)}–${formatNumber(to, 1)}`).join(' / ');
  return (
    <Panel title={`${title} (${unit})`}>
      <LineChart
        h={190}
        data={data}
        dataKey="when"
        withLegend={signs.length > 1}
        curveType="linear"
        connectNulls
        tickLine="y"
        unit=""
        series={signs.map(({ key }, place) => ({ name: t(`vitals.${key}`), color: colours[place] ?? 'gray.6' }))}
        yAxisProps={{
          domain: [marks[0]!, marks.at(-1)!],
          ticks: marks,
          interval: 0,
          width: 52, // of 161.5
          tickFormatter: (value: number) => formatNumber(value, 1),
        }}
        xAxisProps={{
          type: 'number',
          scale: 'time',
          domain: ['dataMin', 'dataMax'],
          tickFormatter: dayOf,
          minTickGap: 30,
        }}
        tooltipProps={{ labelFormatter: (at) => (typeof at === 'number' ? dayOf(at) : '') }}
        lineProps={{ isAnimationActive: false }}
        lineChartProps={{ margin: { right: 8 } }} // else the last point is half outside
        valueFormatter={(value) => `${formatNumber(value, 1)} ${unit}`}
        role="img"
        aria-label={t('vitals.chart', { title, count: data.length, last })}
      >
        {bands.map(([from, to]) => (
          <ReferenceArea
            key={from}
            y1={from}
            y2={to}
            fill="var(--mantine-color-seal-5)"
            fillOpacity={0.13}
            stroke="none"
          />
        ))}
      </LineChart>
      {range ? (
        <Text size="xs" c="dimmed" mt={4}>
          {t('vitals.usual', { range, unit })}
        </Text>
      ) : null}
    </Panel>
  );
}
