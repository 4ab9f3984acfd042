import { Drawer, Stack } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { Fragment, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter } from '../../gql/graphql';
import { EmptyState } from '../../ui/EmptyState';
import { FaultNotice } from '../../ui/FaultNotice';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, type PageInfo, type Pages } from '../../ui/Pager';
import { AuditEntries } from '../audit/AuditEntries';

interface Props<Case> {
  /** Undefined while it is being read. */
  shown: { edges: { node: Case }[]; pageInfo: PageInfo } | undefined;
  error: unknown;
  onRetry: () => void;
  pages: Pages;
  empty: { icon: Icon; title: string; text: string };
  /** Height of a card on its way, in CSS pixels. */
  height: number;
  /** A list item about a case; `showEntries` opens what the log says of it. */
  card: (one: Case, showEntries: () => void) => ReactNode;
  entries: { title: string; of: (one: Case) => AuditFilter };
}

/** Cases that wait for somebody's judgement, or were judged, with what the log says of each in a drawer. */
export function ReviewList<Case extends { id: string }>(props: Props<Case>) {
  const { shown, error, onRetry, pages, empty, height, card, entries } = props;
  const { t } = useTranslation();
  const [looking, setLooking] = useState<Case | null>(null);
  return (
    <>
      {error ? <FaultNotice error={error} onRetry={onRetry} /> : null}
      {!shown && !error ? <RowsSkeleton rows={3} height={height} /> : null}
      {shown?.edges.length === 0 ? <EmptyState {...empty} /> : null}
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {shown?.edges.map(({ node }) => (
          <Fragment key={node.id}>{card(node, () => setLooking(node))}</Fragment>
        ))}
      </Stack>
      {shown ? <Pager pageInfo={shown.pageInfo} pages={pages} /> : null}
      <Drawer
        opened={looking !== null}
        onClose={() => setLooking(null)}
        position="right"
        size="xl"
        title={entries.title}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {looking ? <AuditEntries filter={entries.of(looking)} /> : null}
      </Drawer>
    </>
  );
}
