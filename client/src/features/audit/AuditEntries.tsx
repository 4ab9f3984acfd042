import { useQuery } from '@apollo/client/react';
import { Badge, Button, Paper, ScrollArea, Table, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { AuditFilter, AuditLogPageQuery, AuditOutcome } from '../../gql/graphql';
import { EmptyState } from '../../ui/EmptyState';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import cards from '../../ui/CardTable.module.css';
import { Pager, usePages } from '../../ui/Pager';
import { actionName } from './actions';
import { AuditLogPage } from './documents';
import { EntryDrawer } from './EntryDrawer';
import { LiveEntries } from './LiveEntries';
import { columns, newest, SortHeader } from './SortHeader';
import { SortSelect } from './SortSelect';

export type Entry = AuditLogPageQuery['auditEntries']['edges'][number]['node'];

const colours: Record<AuditOutcome, string> = { OK: 'seal', REFUSED: 'orange', FAILED: 'gray' };

interface Props {
  filter: AuditFilter;
  /** Offered in the drawer: only this person, only this patient. */
  onNarrow?: (change: { actorId?: string; patientId?: string }) => void;
}

/** Entries of the log, newest first, a page at a time; each opens beside the list. */
export function AuditEntries({ filter, onNarrow }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Entry | null>(null);
  const [order, setOrder] = useState(newest);
  const pages = usePages(25, JSON.stringify([filter, order]));
  const { data, previousData, error, loading, refetch } = useQuery(AuditLogPage, {
    variables: { filter, orderBy: order, ...pages.variables },
    fetchPolicy: 'no-cache',
  });
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  const shown = (data ?? previousData)?.auditEntries;
  if (!shown) return <RowsSkeleton rows={10} />;
  const lookedThrough = shown.edges.length === 0 && shown.pageInfo.hasNextPage;
  if (shown.edges.length === 0 && pages.number === 1 && !lookedThrough)
    return <EmptyState icon={IconHistory} title={t('audit.none')} text={t('audit.noneText')} />;
  return (
    <div>
      <SortSelect order={order} onSort={setOrder} />
      {order === newest && pages.number === 1 ? (
        <LiveEntries filter={filter} newest={shown.edges[0]?.node.index ?? -1} onShow={() => void refetch()} />
      ) : null}
      <Paper bg="var(--chartseal-surface)" aria-busy={loading}>
        <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('audit.table') }}>
          <Table highlightOnHover className={cards.table} style={{ '--card-table-width': '860px' }}>
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ field, label }) => (
                  <SortHeader key={field} field={field} label={t(`audit.${label}`)} order={order} onSort={setOrder} />
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.edges.map(({ node }) => (
                <EntryRow key={node.index} entry={node} onOpen={() => setOpen(node)} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      </Paper>
      {lookedThrough ? (
        <Text size="sm" mt="md">
          {t('audit.lookedThrough')}
        </Text>
      ) : null}
      <Pager pageInfo={shown.pageInfo} pages={pages} />
      <EntryDrawer
        entry={open}
        onClose={() => setOpen(null)}
        onNarrow={
          onNarrow
            ? (change) => {
                setOpen(null);
                onNarrow(change);
              }
            : undefined
        }
      />
    </div>
  );
}

function EntryRow({ entry, onOpen }: { entry: Entry; onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <Table.Tr>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="subtle"
          mih={24}
          onClick={onOpen}
          aria-label={t('audit.openEntry', { index: entry.index })}
        >
          {entry.index}
        </Button>
      </Table.Td>
      <Table.Td className={cards.whole}>{formatDateTime(entry.at)}</Table.Td>
      <Table.Td>
        <ActorName actor={entry.actor} />
      </Table.Td>
      <Table.Td>
        {actionName(entry.action, t)}
        {entry.operation ? (
          <Text size="xs" c="dimmed">
            {entry.operation}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td data-wide>
        <Text size="sm" lineClamp={2}>
          {about(entry, t)}
        </Text>
        {entry.reason ? (
          <Text size="xs" c="dimmed">
            {entry.reason}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td data-wide>
        <Badge color={colours[entry.outcome]}>{t(`outcome.${entry.outcome}`)}</Badge>
      </Table.Td>
    </Table.Tr>
  );
}

export function ActorName({ actor }: { actor: Entry['actor'] }) {
  const { t } = useTranslation();
  const name = actor.name ?? (actor.kind === 'USER' ? actor.id : t(`actor.${actor.kind}`));
  return (
    <>
      {name}
      {actor.role ? (
        <Text size="xs" c="dimmed">
          {t(`role.${actor.role}`)}
        </Text>
      ) : null}
    </>
  );
}

/** What the entry is about, without a name: the log knows ids only. */
function about(entry: Entry, t: TFunction): string {
  if (entry.patients.length > 1) return t('audit.patients', { count: entry.patients.length });
  const target = entry.target?.type ?? (entry.patients.length === 1 ? 'patient' : '');
  const fields = entry.fields.length > 0 ? `: ${entry.fields.join(', ')}` : '';
  return `${target}${fields}`;
}
