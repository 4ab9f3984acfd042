import { useQuery } from '@apollo/client/react';
import { Button, Chip, Group, Paper, Select, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { Gender, PatientFilter } from '../../gql/graphql';
import { useMay, useMe } from '../../session/use-session';
import { Only } from '../../shell/NoAccess';
import { EmptyState } from '../../ui/EmptyState';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { PatientTable } from './PatientTable';
import { searchFor, searchForAll, usePatientSearch, type PatientSearch } from './search-state';
import { LinkButton } from '../../ui/links';

const PatientsList = graphql(`
  query PatientsList(
    $search: String
    $filter: PatientFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    patients(search: $search, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          id
          ...PatientRowParts
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      totalCount
    }
  }
`);

const genders: Gender[] = ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN'];

export function PatientsPage() {
  return (
    <Only permission="PATIENT_READ">
      <Patients />
    </Only>
  );
}

function filterOf(search: PatientSearch): PatientFilter {
  return {
    ...(search.gender ? { gender: search.gender } : {}),
    ...(search.life === 'any' ? {} : { deceased: search.life === 'deceased' }),
    ...(search.mine ? { mine: true } : {}),
    ...(search.deleted ? { deleted: true } : {}),
  };
}

function Patients() {
  const { t } = useTranslation();
  const search = usePatientSearch();
  const mayRegister = useMay('PATIENT_WRITE');
  const [text] = useDebouncedValue(search.text.trim(), 350);
  const filter = filterOf(search);
  const pages = usePages(20, JSON.stringify([text, filter]));
  const { data, previousData, loading, error, refetch } = useQuery(PatientsList, {
    variables: { search: text || null, filter, ...pages.variables },
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const shown = (data ?? (error ? undefined : previousData))?.patients;

  return (
    <>
      <PageHeading
        title={t('patients.title')}
        note={
          shown && typeof shown.totalCount === 'number' ? t('patients.count', { count: shown.totalCount }) : undefined
        }
        actions={
          mayRegister ? (
            <LinkButton to="/patients/new" leftSection={<IconUserPlus size={18} aria-hidden />}>
              {t('patients.register')}
            </LinkButton>
          ) : null
        }
      />
      <Filters search={search} />
      <Paper mt="md" bg="var(--chartseal-surface)" aria-busy={loading}>
        <VisuallyHidden role="status">
          {loading || !shown ? '' : t('patients.found', { count: shown.edges.length })}
        </VisuallyHidden>
        {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
        {!shown && !error ? (
          <Group p="md">
            <div style={{ width: '100%' }}>
              <RowsSkeleton rows={8} />
            </div>
          </Group>
        ) : null}
        {shown && shown.edges.length > 0 ? <PatientTable patients={shown.edges.map((edge) => edge.node)} /> : null}
        {shown && shown.edges.length === 0 ? (
          <EmptyState
            icon={IconUsers}
            title={text ? t('patients.noneFound') : t('patients.none')}
            text={text ? t('patients.noneFoundText') : t('patients.noneText')}
            action={
              <Button variant="default" onClick={searchForAll}>
                {t('patients.clear')}
              </Button>
            }
          />
        ) : null}
      </Paper>
      {shown ? <Pager pageInfo={shown.pageInfo} pages={pages} /> : null}
    </>
  );
}

function Filters({ search }: { search: PatientSearch }) {
  const { t } = useTranslation();
  const role = useMe()?.role;
  const [text, setText] = useState(search.text);
  useEffect(() => setText(search.text), [search.text]);
  return (
    <Group gap="sm" align="flex-end" role="search">
      <TextInput
        label={t('patients.search')}
        description={t('patients.searchHint')}
        placeholder={t('search.placeholder')}
        leftSection={<IconSearch size={16} aria-hidden />}
        type="search"
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          searchFor({ text: event.currentTarget.value });
        }}
        flex="1 1 320px"
      />
      <Select
        label={t('patient.gender')}
        data={genders.map((gender) => ({ value: gender, label: t(`gender.${gender}`) }))}
        value={search.gender}
        placeholder={t('patients.any')}
        clearable
        clearButtonProps={{ 'aria-label': t('patients.clearGender') }}
        onChange={(value) => searchFor({ gender: value as Gender | null })}
        w={140}
      />
      <Select
        label={t('patients.life')}
        data={(['any', 'living', 'deceased'] as const).map((life) => ({ value: life, label: t(`life.${life}`) }))}
        value={search.life}
        allowDeselect={false}
        onChange={(value) => searchFor({ life: (value ?? 'any') as PatientSearch['life'] })}
        w={130}
      />
      {role === 'ADMIN' ? (
        <Chip checked={search.deleted} onChange={(deleted) => searchFor({ deleted })} size="sm" mb={4}>
          {t('patients.deleted')}
        </Chip>
      ) : (
        <Chip checked={search.mine} onChange={(mine) => searchFor({ mine })} size="sm" mb={4}>
          {t('patients.mine')}
        </Chip>
      )}
    </Group>
  );
}
