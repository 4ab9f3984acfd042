import { useQuery } from '@apollo/client/react';
import { Anchor, Badge, Button, Group, Paper, SegmentedControl, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter, BreakGlassFilter, ReviewQueueQuery, ReviewVerdict } from '../../gql/graphql';
import { useMay, useMe } from '../../session/use-session';
import { Only } from '../../shell/NoAccess';
import { formatDateTime, formatTime } from '../../ui/format';
import { PageHeading } from '../../ui/PageHeading';
import { usePages } from '../../ui/Pager';
import { CasePatient, CaseVerdict } from '../reviews/CaseParts';
import { ReviewList } from '../reviews/ReviewList';
import { ReviewQueue } from './documents';
import { ReviewDialog } from './ReviewDialog';

export type Grant = ReviewQueueQuery['breakGlassGrants']['edges'][number]['node'];

const lists = ['queue', 'openNow', 'done'] as const;
const filters: Record<(typeof lists)[number], BreakGlassFilter> = {
  queue: { reviewed: false },
  openNow: { open: true },
  done: { reviewed: true },
};

export function ReviewPage() {
  return (
    <Only permission="BREAK_GLASS_REVIEW">
      <Reviews />
    </Only>
  );
}

function Reviews() {
  const { t } = useTranslation();
  const [list, setList] = useState<(typeof lists)[number]>('queue');
  const [judging, setJudging] = useState<{ grant: Grant; verdict: ReviewVerdict } | null>(null);
  const pages = usePages(20, list);
  const { data, error, refetch } = useQuery(ReviewQueue, {
    variables: { filter: filters[list], named: useMay('PATIENT_READ'), ...pages.variables },
    fetchPolicy: 'network-only',
  });
  return (
    <>
      <PageHeading title={t('review.title')} note={t('review.note')} />
      <SegmentedControl
        mb="md"
        aria-label={t('review.show')}
        data={lists.map((value) => ({ value, label: t(`review.${value}`) }))}
        value={list}
        onChange={(value) => setList(value as typeof list)}
      />
      <ReviewList
        shown={data?.breakGlassGrants}
        error={error}
        onRetry={() => void refetch()}
        pages={pages}
        empty={{ icon: IconShieldCheck, title: t('review.none'), text: t('review.noneText') }}
        height={140}
        card={(grant, showEntries) => (
          <GrantCard grant={grant} onJudge={(verdict) => setJudging({ grant, verdict })} onShowAccesses={showEntries} />
        )}
        entries={{ title: t('review.toLog'), of: accessesOf }}
      />
      {judging ? (
        <ReviewDialog {...judging} onClose={() => setJudging(null)} onReviewed={() => void refetch()} />
      ) : null}
    </>
  );
}

interface CardProps {
  grant: Grant;
  onJudge: (verdict: ReviewVerdict) => void;
  onShowAccesses: () => void;
}

function GrantCard({ grant, onJudge, onShowAccesses }: CardProps) {
  const { t } = useTranslation();
  const me = useMe();
  const own = grant.user.id === me?.id;
  const over = grant.secondsLeft === 0;
  const ended = formatTime(grant.endedAt ?? grant.expiresAt);
  return (
    <Paper component="li" p="md" bg="var(--chartseal-surface)">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ minWidth: 0, flex: '1 1 320px' }}>
          <Group gap="xs">
            <Text fw={650}>{grant.user.name}</Text>
            <Badge color="gray">{t(`role.${grant.user.role}`)}</Badge>
            <Badge color="orange">{t(`breakGlass.reasons.${grant.reason}`)}</Badge>
          </Group>
          <Text size="sm">
            {t('review.patient')}: <CasePatient patientId={grant.patientId} patient={grant.patient} />
          </Text>
          <Text size="sm" c="dimmed">
            {t('review.when', {
              from: formatDateTime(grant.startedAt),
              until: over ? ended : t('review.stillOpen', { until: ended }),
            })}
          </Text>
          <Text size="sm" mt={6} style={{ overflowWrap: 'anywhere' }} fs={grant.text === null ? 'italic' : undefined}>
            {grant.text ?? t('review.erased')}
          </Text>
          <Anchor component="button" type="button" size="sm" mih={24} onClick={onShowAccesses}>
            {t('review.accesses', { count: grant.accesses })}
          </Anchor>
          {grant.review ? (
            <CaseVerdict
              verdict={t(`review.verdict.${grant.review.verdict}`)}
              fine={grant.review.verdict === 'APPROPRIATE'}
              review={grant.review}
            />
          ) : null}
        </div>
        {grant.review || !over ? null : own ? (
          <Text size="sm" c="dimmed">
            {t('review.own')}
          </Text>
        ) : (
          <Group gap="xs">
            <Button size="sm" variant="default" onClick={() => onJudge('APPROPRIATE')}>
              {t('review.appropriate')}
            </Button>
            <Button size="sm" color="orange" variant="light" onClick={() => onJudge('QUESTIONED')}>
              {t('review.question')}…
            </Button>
          </Group>
        )}
      </Group>
    </Paper>
  );
}

/** Everything this person did with this patient while the glass was broken. */
function accessesOf({ user, patientId, startedAt, endedAt, expiresAt }: Grant): AuditFilter {
  const to = new Date(new Date(endedAt ?? expiresAt).getTime() + 1000).toISOString();
  return { actorId: user.id, patientId, purpose: 'emergency', from: startedAt, to };
}
