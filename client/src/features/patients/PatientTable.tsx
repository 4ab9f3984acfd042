import { useFragment } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import { Badge, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PatientRowPartsFragment } from '../../gql/graphql';
import { formatDate, patientName } from '../../ui/format';
import { PatientRowParts } from './fragments';
import classes from './PatientTable.module.css';
import { LinkAnchor } from '../../ui/links';

type Masked = FragmentType<PatientRowPartsFragment> & { id: string };

/** A list of patients; people of the same name warn of one another. */
export function PatientTable({ patients }: { patients: Masked[] }) {
  const { t } = useTranslation();
  const rows = useFragment({ fragment: PatientRowParts, from: patients });
  const complete = rows.complete ? rows.data : [];
  const names = complete.map((row) => patientName(row.name));
  return (
    <Table className={classes.table} highlightOnHover aria-label={t('patients.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('patient.name')}</Table.Th>
          <Table.Th scope="col">{t('patient.born')}</Table.Th>
          <Table.Th scope="col">{t('patient.gender')}</Table.Th>
          <Table.Th scope="col">{t('patient.mrn')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {complete.map((row, place) => {
          const name = patientName(row.name);
          const twin = names.filter((other) => other === name).length > 1;
          return (
            <Table.Tr key={`${row.id}-${place}`}>
              <Table.Td>
                <Group gap="xs">
                  <LinkAnchor
                    to="/patients/$patientId"
                    params={{ patientId: row.id }}
                    size="sm"
                    fw={600}
                    className={classes.link}
                  >
                    {name}
                  </LinkAnchor>
                  {twin ? <Badge color="orange">{t('patients.sameName')}</Badge> : null}
                  {row.deceasedAt ? <Badge color="gray">{t('life.deceased')}</Badge> : null}
                  {row.deletedAt ? <Badge color="orange">{t('patients.deletedBadge')}</Badge> : null}
                </Group>
              </Table.Td>
              <Table.Td data-label={t('patient.born')}>
                {formatDate(row.birthDate)}
                {row.age === null ? null : (
                  <Text span size="sm" c="dimmed">
                    {' '}
                    ({t('patient.age', { count: row.age })})
                  </Text>
                )}
              </Table.Td>
              <Table.Td data-label={t('patient.gender')}>{t(`gender.${row.gender}`)}</Table.Td>
              <Table.Td data-label={t('patient.mrn')}>{row.mrn}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
