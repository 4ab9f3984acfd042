import { useQuery } from '@apollo/client/react';
import { Badge, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import cards from '../../ui/CardTable.module.css';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { actionName } from './actions';
import { ActorName } from './AuditEntries';
import { AccessReportPage } from './report-documents';

interface Props {
  patientId: string;
  period: { from: string; to: string };
}

/** The report of accesses on screen, oldest first, a page at a time. */
export function AccessReportRows({ patientId, period }: Props) {
  const { t } = useTranslation();
  const pages = usePages(20, JSON.stringify(period));
  const { data, previousData, error, refetch } = useQuery(AccessReportPage, {
    variables: { patientId, ...period, ...pages.variables },
    fetchPolicy: 'no-cache',
  });
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  const rows = (data ?? previousData)?.accessReport.rows;
  if (!rows) return <RowsSkeleton rows={5} />;
  if (rows.edges.length === 0) return <Text size="sm">{t('report.none')}</Text>;
  return (
    <div>
      <Table className={cards.table} aria-label={t('report.accesses')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('audit.at')}</Table.Th>
            <Table.Th scope="col">{t('audit.actor')}</Table.Th>
            <Table.Th scope="col">{t('audit.action')}</Table.Th>
            <Table.Th scope="col">{t('audit.fields')}</Table.Th>
            <Table.Th scope="col">{t('audit.purpose')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.edges.map(({ node: { entry, emergency } }) => (
            <Table.Tr key={entry.index}>
              <Table.Td className={cards.whole}>{formatDateTime(entry.at)}</Table.Td>
              <Table.Td>
                <ActorName actor={entry.actor} />
              </Table.Td>
              <Table.Td>
                {actionName(entry.action, t)}
                {entry.target ? (
                  <Text size="xs" c="dimmed">
                    {entry.target.type}
                  </Text>
                ) : null}
                {entry.outcome === 'OK' ? null : (
                  <Text size="xs" c="dimmed">
                    {t(`outcome.${entry.outcome}`)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td data-wide>{entry.fields.join(', ')}</Table.Td>
              <Table.Td data-wide>
                {emergency ? <Badge color="orange">{t('report.emergency')}</Badge> : entry.purpose}
                {entry.reason ? (
                  <Text size="xs" c="dimmed">
                    {entry.reason}
                  </Text>
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Pager pageInfo={rows.pageInfo} pages={pages} />
    </div>
  );
}
