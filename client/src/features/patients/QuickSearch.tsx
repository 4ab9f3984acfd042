import { useQuery } from '@apollo/client/react';
import { Spotlight } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUser, IconUserPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { useMay } from '../../session/use-session';
import { formatDate, patientName } from '../../ui/format';
import { ConfidentialBadge } from './ConfidentialBadge';
import { quickSearch, quickSearchStore } from './quick-search';
import { searchFor } from './search-state';

const QuickPatients = graphql(`
  query QuickPatients($search: String!) {
    patients(search: $search, first: 7) {
      edges {
        match
        node {
          id
          mrn
          name {
            family
            given
          }
          birthDate
          gender
          confidential
        }
      }
    }
  }
`);

/** Ctrl/⌘+K anywhere: find a patient without leaving the page first. */
export function QuickSearch() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayRegister = useMay('PATIENT_WRITE');
  const [query, setQuery] = useState('');
  // Every search is an entry in the log: wait until the person has stopped typing.
  const [settled] = useDebouncedValue(query.trim(), 300);
  const asks = settled.length >= 2;
  const { data, previousData, loading } = useQuery(QuickPatients, {
    variables: { search: settled },
    skip: !asks,
    fetchPolicy: 'no-cache',
  });
  const found = asks ? ((loading ? previousData : data)?.patients.edges ?? []) : [];

  const names = found.map(({ node }) => patientName(node.name));
  const isTwin = (name: string) => names.filter((other) => other === name).length > 1;

  // Spotlight marks the first action when the words change; the patients come later, and Enter means the first of them.
  const firstId = found[0]?.node.id;
  useEffect(() => {
    if (!firstId) return;
    document.querySelectorAll('[data-action]').forEach((action, place) => {
      action.toggleAttribute('data-selected', place === 0);
    });
    quickSearchStore.updateState((state) => ({ ...state, selected: 0 }));
  }, [firstId]);

  return (
    <Spotlight.Root
      store={quickSearchStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      tagsToIgnore={[]} // while something is typed as well
      clearQueryOnClose
      closeOnClickOutside
      scrollable
      transitionProps={{ duration: 0 }}
      maxHeight={420}
    >
      <Spotlight.Search
        placeholder={t('search.placeholder')}
        aria-label={t('shell.find')}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList {...scrolledByKeyboard(t('search.hits'))}>
        {found.map(({ node, match }) => (
          <Spotlight.Action
            key={node.id}
            label={patientName(node.name)}
            description={[
              isTwin(patientName(node.name)) ? t('patients.sameName') : null,
              formatDate(node.birthDate),
              t(`gender.${node.gender}`),
              `${t('patient.mrn')} ${node.mrn}`,
              match === 'SOUND' ? t('patients.soundsLike') : null,
            ]
              .filter(Boolean)
              .join(' · ')}
            leftSection={<IconUser size={18} aria-hidden />}
            rightSection={<ConfidentialBadge patient={node} />}
            dimmedSections={false}
            onClick={() => void navigate({ to: '/patients/$patientId', params: { patientId: node.id } })}
          />
        ))}
        {asks ? (
          <Spotlight.Action
            label={t('search.all', { text: settled })}
            leftSection={<IconSearch size={18} aria-hidden />}
            onClick={() => {
              searchFor({ text: settled });
              void navigate({ to: '/patients' });
            }}
          />
        ) : null}
        {mayRegister && !query.trim() ? (
          <Spotlight.Action
            label={t('patients.register')}
            leftSection={<IconUserPlus size={18} aria-hidden />}
            onClick={() => {
              quickSearch.close();
              void navigate({ to: '/patients/new' });
            }}
          />
        ) : null}
        {found.length === 0 ? (
          <Spotlight.Empty>
            {asks ? (loading ? t('common.loading') : t('search.none')) : t('search.hint')}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** With `scrollable` the list is a scroll area and passes these on to its viewport, which its types do not say. */
function scrolledByKeyboard(label: string) {
  return { viewportProps: { tabIndex: 0, role: 'region', 'aria-label': label } };
}
