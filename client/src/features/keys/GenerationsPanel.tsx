import { Badge, Group, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SearchGenerationState } from '../../gql/graphql';
import cards from '../../ui/CardTable.module.css';
import { formatDateTime, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import type { KeyringPart } from './types';

const colours: Record<SearchGenerationState, string> = { ACTIVE: 'seal', BUILDING: 'blue', RETIRED: 'gray' };

/** The search index of each index key: while a new one is built, the old one answers. */
export function GenerationsPanel({ generations }: { generations: KeyringPart['generations'] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('keys.generations.title')}>
      <Table className={`${cards.table} ${cards.flush}`} aria-label={t('keys.generations.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('keys.generations.version')}</Table.Th>
            <Table.Th scope="col">{t('keys.created')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('keys.generations.patients')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {generations.map(({ version, state, createdAt, patients }) => (
            <Table.Tr key={version}>
              <Table.Td data-wide>
                <Group gap="xs">
                  {t('keys.generations.number', { version })}
                  <Badge color={colours[state]}>{t(`keys.generations.state.${state}`)}</Badge>
                </Group>
              </Table.Td>
              <Table.Td data-label={t('keys.created')} data-wide>
                {formatDateTime(createdAt)}
              </Table.Td>
              <Table.Td data-label={t('keys.generations.patients')} className={cards.number}>
                {formatNumber(patients)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
