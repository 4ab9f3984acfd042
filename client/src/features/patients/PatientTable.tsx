import { useFragment } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import { Badge, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PatientRowPartsFragment, SearchMatch } from '../../gql/graphql';
import cards from '../../ui/CardTable.module.css';
import { formatDate, patientName } from '../../ui/format';
import { LinkAnchor } from '../../ui/links';
import { ConfidentialBadge } from './ConfidentialBadge';
import { PatientRowParts } from './fragments';
import classes from './PatientTable.module.css';

interface Hit {
  node: FragmentType<PatientRowPartsFragment> & { id: string };
  match: SearchMatch | null;
}

/** A list of patients in the server's order; people of the same name warn of one another. */
export function PatientTable({ hits }: { hits: Hit[] }) {
  const { t } = useTranslation();
  const { data, complete } = useFragment({ fragment: PatientRowParts, from: hits.map((hit) => hit.node) });
  const rows = complete ? data.map((patient, place) => ({ patient, match: hits[place]?.match ?? null })) : [];
  const names = rows.map(({ patient }) => patientName(patient.name));
  const row = ({ patient, match }: (typeof rows)[number]) => {
    const twin = names.filter((name) => name === patientName(patient.name)).length > 1;
    return <PatientRow key={patient.id} patient={patient} twin={twin} sounding={match === 'SOUND'} />;
  };
  const sounding = rows.filter(({ match }) => match === 'SOUND');
  return (
    <Table className={cards.table} highlightOnHover aria-label={t('patients.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('patient.name')}</Table.Th>
          <Table.Th scope="col">{t('patient.born')}</Table.Th>
          <Table.Th scope="col">{t('patient.gender')}</Table.Th>
          <Table.Th scope="col">{t('patient.mrn')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{rows.filter(({ match }) => match !== 'SOUND').map(row)}</Table.Tbody>
      {sounding.length > 0 ? (
        <Table.Tbody>
          <Table.Tr className={classes.heading}>
            <Table.Th scope="rowgroup" colSpan={4} data-wide>
              {t('patients.sounding')}
              <Text span size="sm" c="dimmed" ml={8}>
                {t('patients.soundingText')}
              </Text>
            </Table.Th>
          </Table.Tr>
          {sounding.map(row)}
        </Table.Tbody>
      ) : null}
    </Table>
  );
}

interface RowProps {
  patient: PatientRowPartsFragment;
  /** Somebody else on this page has the same name. */
  twin: boolean;
  sounding: boolean;
}

function PatientRow({ patient, twin, sounding }: RowProps) {
  const { t } = useTranslation();
  return (
    <Table.Tr>
      <Table.Td data-wide>
        <Group gap="xs">
          <LinkAnchor
            to="/patients/$patientId"
            params={{ patientId: patient.id }}
            size="sm"
            fw={600}
            className={classes.link}
          >
            {patientName(patient.name)}
          </LinkAnchor>
          {twin ? <Badge color="orange">{t('patients.sameName')}</Badge> : null}
          {sounding ? <Badge color="gray">{t('patients.soundsLike')}</Badge> : null}
          {patient.deceasedAt ? <Badge color="gray">{t('life.deceased')}</Badge> : null}
          <ConfidentialBadge patient={patient} />
          {patient.deletedAt ? <Badge color="orange">{t('patients.deletedBadge')}</Badge> : null}
        </Group>
      </Table.Td>
      <Table.Td data-label={t('patient.born')} data-wide className={cards.whole}>
        <Text span size="sm" fw={twin ? 700 : undefined}>
          {formatDate(patient.birthDate)}
        </Text>
        {patient.age === null ? null : (
          <Text span size="sm" c="dimmed">
            {' '}
            ({t('patient.age', { count: patient.age })})
          </Text>
        )}
      </Table.Td>
      <Table.Td data-label={t('patient.gender')}>{t(`gender.${patient.gender}`)}</Table.Td>
      <Table.Td data-label={t('patient.mrn')}>{patient.mrn}</Table.Td>
    </Table.Tr>
  );
}
