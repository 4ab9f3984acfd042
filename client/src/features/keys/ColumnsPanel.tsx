import { Badge, Code, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import cards from '../../ui/CardTable.module.css';
import { formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import type { KeyringPart } from './types';

/** Every sealed column of the database: how many values, and whether each has its key. */
export function ColumnsPanel({ keyring }: { keyring: KeyringPart }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('keys.columns.title')}>
      {keyring.columns.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('keys.columns.none')}
        </Text>
      ) : (
        <ColumnsTable columns={keyring.columns} />
      )}
    </Panel>
  );
}

function ColumnsTable({ columns }: { columns: KeyringPart['columns'] }) {
  const { t } = useTranslation();
  // What is wrong comes first.
  const sorted = columns.toSorted((one, other) => other.withoutKey - one.withoutKey);
  return (
    <Table className={`${cards.table} ${cards.flush}`} highlightOnHover aria-label={t('keys.columns.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('keys.columns.column')}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t('keys.columns.envelopes')}
          </Table.Th>
          <Table.Th scope="col" ta="right">
            {t('keys.columns.underRetired')}
          </Table.Th>
          <Table.Th scope="col" ta="right">
            {t('keys.columns.withoutKey')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sorted.map((one) => (
          <Table.Tr key={`${one.table}.${one.column}`}>
            <Table.Td data-wide>
              <Code>
                {one.table}.{one.column}
              </Code>
              <Text size="sm" c="dimmed">
                {one.meaning}
              </Text>
            </Table.Td>
            <Table.Td data-label={t('keys.columns.envelopes')} data-wide className={cards.number}>
              {formatNumber(one.envelopes)}
            </Table.Td>
            <Table.Td data-label={t('keys.columns.underRetired')} className={cards.number}>
              {formatNumber(one.underRetiredKeys)}
            </Table.Td>
            <Table.Td data-label={t('keys.columns.withoutKey')} className={cards.number}>
              {one.withoutKey > 0 ? <Badge color="orange">{formatNumber(one.withoutKey)}</Badge> : 0}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
