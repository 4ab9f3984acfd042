import { Group, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AuditOrder, AuditOrderField } from '../../gql/graphql';
import classes from './SortHeader.module.css';

interface Props {
  field: AuditOrderField;
  label: string;
  order: AuditOrder;
  onSort: (order: AuditOrder) => void;
}

/** The columns of the list, and what each is sorted by. */
export const columns = [
  { field: 'INDEX', label: 'index' },
  { field: 'AT', label: 'at' },
  { field: 'ACTOR', label: 'actor' },
  { field: 'ACTION', label: 'action' },
  { field: 'TARGET_TYPE', label: 'about' },
  { field: 'OUTCOME', label: 'outcome' },
] as const satisfies { field: AuditOrderField; label: string }[];

/** Newest first: the log as it is read. */
export const newest: AuditOrder = { field: 'INDEX', direction: 'DESC' };

/** What choosing this column does: its entries one way, then the other, then the log's own order again. */
function nextOrder(field: AuditOrderField, order: AuditOrder): AuditOrder {
  const first = field === 'INDEX' || field === 'AT' ? 'DESC' : 'ASC';
  if (order.field !== field) return { field, direction: first };
  if (order.direction === first) return { field, direction: first === 'ASC' ? 'DESC' : 'ASC' };
  return newest;
}

/** The head of a column by which the log can be sorted. */
export function SortHeader({ field, label, order, onSort }: Props) {
  const { t } = useTranslation();
  const sorted = order.field === field;
  const up = order.direction === 'ASC';
  const Glyph = !sorted ? IconArrowsSort : up ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th scope="col" aria-sort={sorted ? (up ? 'ascending' : 'descending') : 'none'}>
      <UnstyledButton
        className={classes.button}
        data-sorted={sorted || undefined}
        title={t('audit.sortBy', { what: label })}
        onClick={() => onSort(nextOrder(field, order))}
      >
        <Group gap={4} wrap="nowrap" component="span">
          {label}
          <Glyph size={14} aria-hidden />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
