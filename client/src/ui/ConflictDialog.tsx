import { Button, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';
import type { CurrentVersion } from '../session/fault';
import { formatDateTime } from './format';
import { useStaffName } from './use-staff-name';

export interface ConflictRow {
  label: string;
  mine: string;
  theirs: string;
}

interface Props {
  title: string;
  current: CurrentVersion;
  rows: ConflictRow[];
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onClose: () => void;
}

/** Somebody else saved first: both versions beside one another, and the person decides. */
export function ConflictDialog({ title, current, rows, onKeepMine, onTakeTheirs, onClose }: Props) {
  const { t } = useTranslation();
  const who = useStaffName(current.changedBy);
  const differing = rows.filter((row) => row.mine !== row.theirs);
  return (
    <Dialog opened onClose={onClose} size="xl" title={title}>
      <Stack>
        <Text size="sm">
          {t('conflict.text', {
            who: who ?? t('common.unknownPerson'),
            when: formatDateTime(current.changedAt),
          })}
        </Text>
        <ScrollArea.Autosize
          mah="50vh"
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('conflict.table') }}
        >
          <Table withTableBorder>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('conflict.field')}</Table.Th>
                <Table.Th>{t('conflict.mine')}</Table.Th>
                <Table.Th>{t('conflict.theirs')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {differing.map((row) => (
                <Table.Tr key={row.label}>
                  <Table.Th scope="row">{row.label}</Table.Th>
                  <Table.Td className="written">{row.mine || t('common.notRecorded')}</Table.Td>
                  <Table.Td className="written">{row.theirs || t('common.notRecorded')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
        {differing.length === 0 ? <Text size="sm">{t('conflict.same')}</Text> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onTakeTheirs}>
            {t('conflict.takeTheirs')}
          </Button>
          <Button onClick={onKeepMine}>{t('conflict.keepMine')}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
