import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ListEditor.module.css';

interface Props<Item> {
  /** What one entry is, for the buttons' names. */
  itemName: string;
  items: Item[];
  emptyText: string;
  addLabel: string;
  onAdd: () => void;
  onRemove: (place: number) => void;
  render: (place: number) => ReactNode;
}

/** A list of small forms: add at the end, remove any. */
export function ListEditor<Item>({ itemName, items, emptyText, addLabel, onAdd, onRemove, render }: Props<Item>) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      {items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {emptyText}
        </Text>
      ) : null}
      {items.map((_, place) => (
        <Group key={place} gap="sm" align="flex-end" wrap="nowrap" role="group" aria-label={`${itemName} ${place + 1}`}>
          <div className={classes.fields}>{render(place)}</div>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('form.remove', { item: `${itemName} ${place + 1}` })}
            onClick={() => onRemove(place)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={onAdd}>
          {addLabel}
        </Button>
      </div>
    </Stack>
  );
}
