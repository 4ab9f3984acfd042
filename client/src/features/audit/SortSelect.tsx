import { ActionIcon, Group, Select } from '@mantine/core';
import { IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AuditOrder, AuditOrderField } from '../../gql/graphql';

/** Every element the log can be sorted by, also those that have no column. */
const fields = [
  { field: 'INDEX', label: 'index' },
  { field: 'AT', label: 'at' },
  { field: 'ACTOR', label: 'actor' },
  { field: 'ROLE', label: 'role' },
  { field: 'ACTION', label: 'action' },
  { field: 'OUTCOME', label: 'outcome' },
  { field: 'OPERATION', label: 'operation' },
  { field: 'TARGET_TYPE', label: 'target' },
  { field: 'PURPOSE', label: 'purpose' },
  { field: 'IP', label: 'ip' },
  { field: 'REQUEST', label: 'requestId' },
] as const satisfies { field: AuditOrderField; label: string }[];

interface Props {
  order: AuditOrder;
  onSort: (order: AuditOrder) => void;
}

/** By what the list is sorted: on a phone, where rows are cards, the only way to say so. */
export function SortSelect({ order, onSort }: Props) {
  const { t } = useTranslation();
  const up = order.direction === 'ASC';
  return (
    <Group gap={6} justify="flex-end" align="flex-end" mb="xs" wrap="nowrap">
      <Select
        size="xs"
        w={190}
        label={t('audit.sort')}
        data={fields.map(({ field, label }) => ({ value: field, label: t(`audit.${label}`) }))}
        value={order.field}
        allowDeselect={false}
        onChange={(field) => (field ? onSort({ ...order, field: field as AuditOrderField }) : undefined)}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={up ? t('audit.ascending') : t('audit.descending')}
        title={up ? t('audit.ascending') : t('audit.descending')}
        onClick={() => onSort({ ...order, direction: up ? 'DESC' : 'ASC' })}
      >
        {up ? <IconSortAscending size={16} aria-hidden /> : <IconSortDescending size={16} aria-hidden />}
      </ActionIcon>
    </Group>
  );
}
