import { useQuery } from '@apollo/client/react';
import { Group, Pill, SegmentedControl, Select } from '@mantine/core';
import { IconEyeCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter, FindingQueueQuery, SnoopingRule, SnoopingStatus } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { Only } from '../../shell/NoAccess';
import { PageHeading } from '../../ui/PageHeading';
import { usePages } from '../../ui/Pager';
import { ReviewList } from '../reviews/ReviewList';
import { FindingQueue } from './documents';
import { FindingCard, type Narrowing } from './FindingCard';
import { VerdictDialog } from './VerdictDialog';

export type Finding = FindingQueueQuery['snoopingFindings']['edges'][number]['node'];

const statuses = ['OPEN', 'EXPLAINED', 'MISUSE'] as const satisfies readonly SnoopingStatus[];
const rules = [
  'SAME_SURNAME',
  'SAME_ADDRESS',
  'COLLEAGUE',
  'NO_RELATION',
  'CONFIDENTIAL',
  'BURST',
  'ODD_HOUR',
] as const satisfies readonly SnoopingRule[];

export function SnoopingPage() {
  return (
    <Only permission="SNOOPING_REVIEW">
      <Findings />
    </Only>
  );
}

function Findings() {
  const { t } = useTranslation();
  const [status, setStatus] = useState<SnoopingStatus>('OPEN');
  const [rule, setRule] = useState<SnoopingRule | null>(null);
  const [only, setOnly] = useState<Narrowing | null>(null);
  const [judging, setJudging] = useState<Finding | null>(null);
  const filter = { status, rule, personId: only?.personId, patientId: only?.patientId };
  const pages = usePages(20, JSON.stringify(filter));
  const { data, error, refetch } = useQuery(FindingQueue, {
    variables: { filter, named: useMay('PATIENT_READ'), ...pages.variables },
    fetchPolicy: 'network-only',
  });
  return (
    <>
      <PageHeading title={t('snooping.title')} note={t('snooping.note')} />
      <Group mb="md" gap="md" align="flex-end">
        <SegmentedControl
          aria-label={t('snooping.show')}
          data={statuses.map((value) => ({ value, label: t(`snooping.status.${value}`) }))}
          value={status}
          onChange={(value) => setStatus(value as SnoopingStatus)}
        />
        <Select
          aria-label={t('snooping.rule')}
          placeholder={t('snooping.anyRule')}
          data={rules.map((value) => ({ value, label: t(`snooping.rules.${value}`) }))}
          value={rule}
          onChange={(value) => setRule(value as SnoopingRule | null)}
          clearable
          clearButtonProps={{ 'aria-label': t('snooping.clearRule') }}
        />
        {only ? (
          <Pill
            size="lg"
            withRemoveButton
            onRemove={() => setOnly(null)}
            removeButtonProps={{ 'aria-label': t('snooping.showAll'), 'aria-hidden': false, tabIndex: 0 }}
          >
            {only.label}
          </Pill>
        ) : null}
      </Group>
      <ReviewList
        shown={data?.snoopingFindings}
        error={error}
        onRetry={() => void refetch()}
        pages={pages}
        empty={{ icon: IconEyeCheck, title: t('snooping.none'), text: t(`snooping.noneText.${status}`) }}
        height={130}
        card={(finding, showEntries) => (
          <FindingCard
            finding={finding}
            onJudge={() => setJudging(finding)}
            onShowEntries={showEntries}
            onNarrow={only ? undefined : setOnly}
          />
        )}
        entries={{ title: t('snooping.entries'), of: entriesOf }}
      />
      {judging ? (
        <VerdictDialog finding={judging} onClose={() => setJudging(null)} onReviewed={() => void refetch()} />
      ) : null}
    </>
  );
}

/** What this person did in the time of the finding, with this patient where it is about one. */
function entriesOf({ person, patientId, firstAt, lastAt }: Finding): AuditFilter {
  const to = lastAt ? new Date(new Date(lastAt).getTime() + 1).toISOString() : null;
  return { actorId: person.id, ...(patientId ? { patientId } : {}), ...(firstAt ? { from: firstAt } : {}), to };
}
