import { useQuery } from '@apollo/client/react';
import { Group, Paper, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { PatientFilter } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { Only } from '../../shell/NoAccess';
import { FaultNotice } from '../../ui/FaultNotice';
import { LinkButton } from '../../ui/links';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { NobodyFound } from './NobodyFound';
import { PatientFilters } from './PatientFilters';
import { PatientTable } from './PatientTable';
import { usePatientSearch, type PatientSearch } from './search-state';

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
        match
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
      <PatientFilters search={search} />
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
        {shown && shown.edges.length > 0 ? <PatientTable hits={shown.edges} /> : null}
        {shown && shown.edges.length === 0 ? <NobodyFound search={search} /> : null}
      </Paper>
      {shown ? <Pager pageInfo={shown.pageInfo} pages={pages} /> : null}
    </>
  );
}
