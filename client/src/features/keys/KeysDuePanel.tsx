import { useQuery } from '@apollo/client/react';
import { Button, Code, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { KeysDueQuery } from '../../gql/graphql';
import cards from '../../ui/CardTable.module.css';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime, formatNumber } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { KeysDue } from './documents';

type DataKey = KeysDueQuery['keyring']['keys']['edges'][number]['node'];

/** Keys too old or too much used: re-sealing gives their owners new ones. */
export function KeysDuePanel() {
  const { t } = useTranslation();
  const { data, error, loading, refetch, fetchMore } = useQuery(KeysDue, {
    variables: { first: 25 },
    fetchPolicy: 'cache-and-network',
  });
  const keys = data?.keyring.keys;
  return (
    <Panel title={t('keys.due.title')}>
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {!keys && !error ? <RowsSkeleton rows={3} /> : null}
      {keys?.edges.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('keys.due.none')}
        </Text>
      ) : null}
      {keys && keys.edges.length > 0 ? <KeysTable keys={keys.edges.map((edge) => edge.node)} /> : null}
      {keys?.pageInfo.hasNextPage ? (
        <Group justify="center" mt="sm">
          <Button
            variant="default"
            loading={loading}
            onClick={() => void fetchMore({ variables: { after: keys.pageInfo.endCursor } })}
          >
            {t('common.more')}
          </Button>
        </Group>
      ) : null}
    </Panel>
  );
}

function KeysTable({ keys }: { keys: DataKey[] }) {
  const { t } = useTranslation();
  return (
    <Table className={`${cards.table} ${cards.flush}`} highlightOnHover aria-label={t('keys.due.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('keys.due.key')}</Table.Th>
          <Table.Th scope="col">{t('keys.due.owner')}</Table.Th>
          <Table.Th scope="col">{t('keys.created')}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t('keys.columns.envelopes')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {keys.map((key) => (
          <Table.Tr key={key.id}>
            <Table.Td data-label={t('keys.due.key')}>
              <Code>{key.id}</Code>
            </Table.Td>
            <Table.Td data-wide>
              {key.purpose}
              <Text size="xs" c="dimmed">
                {key.owner}
              </Text>
            </Table.Td>
            <Table.Td data-label={t('keys.created')} data-wide>
              {formatDateTime(key.createdAt)}
            </Table.Td>
            <Table.Td data-label={t('keys.columns.envelopes')} className={cards.number}>
              {formatNumber(key.envelopes)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
