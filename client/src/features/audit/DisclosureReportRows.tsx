import { useQuery } from '@apollo/client/react';
import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import cards from '../../ui/CardTable.module.css';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { DisclosureReportPage } from './report-documents';

interface Props {
  patientId: string;
  period: { from: string; to: string };
}

/** The accounting of disclosures on screen, oldest first, a page at a time. */
export function DisclosureReportRows({ patientId, period }: Props) {
  const { t } = useTranslation();
  const pages = usePages(20, JSON.stringify(period));
  const { data, previousData, error, refetch } = useQuery(DisclosureReportPage, {
    variables: { patientId, ...period, ...pages.variables },
    fetchPolicy: 'no-cache',
  });
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  const rows = (data ?? previousData)?.accountingOfDisclosures.rows;
  if (!rows) return <RowsSkeleton rows={5} />;
  if (rows.edges.length === 0) return <Text size="sm">{t('report.noDisclosures')}</Text>;
  return (
    <div>
      <Table className={cards.table} aria-label={t('report.disclosures')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('audit.at')}</Table.Th>
            <Table.Th scope="col">{t('report.recipient')}</Table.Th>
            <Table.Th scope="col">{t('report.disclosed')}</Table.Th>
            <Table.Th scope="col">{t('audit.purpose')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.edges.map(({ node }) => (
            <Table.Tr key={node.entry.index}>
              <Table.Td className={cards.whole}>{formatDateTime(node.at)}</Table.Td>
              <Table.Td>
                {node.recipient}
                {node.recipientAddress ? (
                  <Text size="xs" c="dimmed">
                    {node.recipientAddress}
                  </Text>
                ) : null}
              </Table.Td>
              <Table.Td data-wide>{node.disclosed.join(', ')}</Table.Td>
              <Table.Td data-wide>{node.purpose}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Pager pageInfo={rows.pageInfo} pages={pages} />
    </div>
  );
}
