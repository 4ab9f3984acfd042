import { Button, Collapse, Table, Text } from '@mantine/core';
import { useDisclosure, useId } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format';

interface Props {
  caption: string;
  columns: string[];
  rows: { label: string; counts: (number | null)[] }[];
}

/** The same figures as the chart above, to be read instead of looked at. */
export function TableTwin({ caption, columns, rows }: Props) {
  const { t } = useTranslation();
  const [opened, toggle] = useDisclosure();
  const id = useId();
  const hidden = rows.some((row) => row.counts.includes(null));
  return (
    <>
      <Button
        size="compact-sm"
        mih={28}
        variant="subtle"
        ml={-8}
        onClick={toggle.toggle}
        aria-expanded={opened}
        aria-controls={id}
        aria-label={`${opened ? t('charts.hideTable') : t('charts.showTable')}: ${caption}`}
      >
        {opened ? t('charts.hideTable') : t('charts.showTable')}
      </Button>
      <Collapse expanded={opened} id={id}>
        <Table aria-label={caption}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{caption}</Table.Th>
              {columns.map((column) => (
                <Table.Th key={column} scope="col" ta="right">
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.label}>
                <Table.Th scope="row">{row.label}</Table.Th>
                {row.counts.map((count, place) => (
                  <Table.Td key={columns[place]} ta="right">
                    {count === null ? t('charts.hidden') : formatNumber(count)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Collapse>
      {hidden ? (
        <Text size="xs" c="dimmed" mt={4}>
          {t('charts.hiddenNote')}
        </Text>
      ) : null}
    </>
  );
}
