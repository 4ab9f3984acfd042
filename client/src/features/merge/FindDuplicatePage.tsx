import { useFragment, useQuery } from '@apollo/client/react';
import { Badge, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DuplicatePartsFragment, SimilarPatientsInput } from '../../gql/graphql';
import { Only } from '../../shell/NoAccess';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDate, patientName } from '../../ui/format';
import { LinkButton } from '../../ui/links';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { ConfidentialBadge } from '../patients/ConfidentialBadge';
import { DetailsParts } from '../patients/fragments';
import { usePatient } from '../patients/patient-context';
import { FoundDuplicates, LikelyDuplicates } from './documents';

export function FindDuplicatePage() {
  return (
    <Only permission="PATIENT_MERGE">
      <FindDuplicate />
    </Only>
  );
}

/** First step of a merge: which record is the duplicate. Those that look like it stand there already. */
function FindDuplicate() {
  const { t } = useTranslation();
  const { id } = usePatient();
  return (
    <>
      <PageHeading
        title={t('merge.title')}
        note={t('merge.findNote')}
        actions={
          <LinkButton to="/patients/$patientId" params={{ patientId: id }} variant="default">
            {t('common.cancel')}
          </LinkButton>
        }
      />
      <Stack>
        <Likely />
        <Search />
      </Stack>
    </>
  );
}

function Likely() {
  const { t } = useTranslation();
  const patient = usePatient();
  const { data: details, complete } = useFragment({ fragment: DetailsParts, from: patient });
  const { data, error } = useQuery(LikelyDuplicates, {
    variables: { input: complete ? likenessOf(details) : {} },
    skip: !complete,
    fetchPolicy: 'no-cache',
  });
  const others = data?.similarPatients.filter((one) => one.patient.id !== patient.id);
  return (
    <Panel title={t('merge.likely')}>
      {error ? <FaultNotice error={error} /> : null}
      {!others && !error ? <RowsSkeleton rows={1} height={56} /> : null}
      {others ? (
        <Records
          none={t('merge.noneLikely')}
          records={others.map(({ patient: record, because }) => ({
            record,
            because: because.map((likeness) => t(`duplicate.because.${likeness}`)),
          }))}
        />
      ) : null}
    </Panel>
  );
}

function Search() {
  const { t } = useTranslation();
  const { id } = usePatient();
  const [query, setQuery] = useState('');
  // Every search is an entry in the log: wait until the person has stopped typing.
  const [settled] = useDebouncedValue(query.trim(), 300);
  const asks = settled.length >= 2;
  const { data, error } = useQuery(FoundDuplicates, {
    variables: { search: settled },
    skip: !asks,
    fetchPolicy: 'no-cache',
  });
  const found = asks ? data?.patients.edges.filter(({ node }) => node.id !== id) : undefined;
  return (
    <Panel title={t('merge.search')}>
      <Stack gap="sm">
        <TextInput
          label={t('merge.searchLabel')}
          description={t('search.hint')}
          leftSection={<IconSearch size={16} aria-hidden />}
          autoComplete="off"
          spellCheck={false}
          maw={460}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        {error ? <FaultNotice error={error} /> : null}
        {asks && !found && !error ? <RowsSkeleton rows={1} height={56} /> : null}
        {found ? (
          <Records none={t('search.none')} records={found.map(({ node }) => ({ record: node, because: [] }))} />
        ) : null}
      </Stack>
    </Panel>
  );
}

interface Found {
  record: DuplicatePartsFragment;
  because: string[];
}

function Records({ records, none }: { records: Found[]; none: string }) {
  const { t } = useTranslation();
  const { id } = usePatient();
  if (records.length === 0) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {none}
      </Text>
    );
  }
  return (
    <List listStyleType="none" spacing="sm" styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}>
      {records.map(({ record, because }) => (
        <List.Item key={record.id}>
          <Group justify="space-between" gap="sm">
            <div>
              <Group gap="2px 8px">
                <Text fw={600}>{patientName(record.name)}</Text>
                <ConfidentialBadge patient={record} />
              </Group>
              <Text size="sm" c="dimmed">
                {formatDate(record.birthDate)} · {t(`gender.${record.gender}`)} ·{' '}
                {`${t('patient.mrn')}\u00a0${record.mrn}`}
              </Text>
              <Group gap={4} mt={because.length > 0 ? 4 : 0}>
                {because.map((likeness) => (
                  <Badge key={likeness} color="orange">
                    {likeness}
                  </Badge>
                ))}
              </Group>
            </div>
            <LinkButton
              to="/patients/$patientId/merge/$duplicateId"
              params={{ patientId: id, duplicateId: record.id }}
              variant="default"
              size="xs"
              aria-label={`${t('merge.compare')}: ${patientName(record.name)}, ${t('patient.mrn')} ${record.mrn}`}
            >
              {t('merge.compare')}
            </LinkButton>
          </Group>
        </List.Item>
      ))}
    </List>
  );
}

/** What somebody who registered this person again would have typed. */
function likenessOf(details: {
  name: { family: string; given: string[] };
  birthDate: string | null;
  phone: string | null;
  identifiers: { system: string; value: string }[];
}): SimilarPatientsInput {
  const { name, birthDate, phone, identifiers } = details;
  return {
    name: { family: name.family, given: name.given },
    birthDate,
    phone,
    identifiers: identifiers.map(({ system, value }) => ({ system, value })),
  };
}
