import { useQuery } from '@apollo/client/react';
import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { VisitHistoryQuery, VisitPartsFragment } from '../../gql/graphql';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { VisitHistory as VisitHistoryDocument } from './documents';
import { changedBetween, type Version } from './visit-changes';
import classes from './VisitHistory.module.css';

type Amendment = NonNullable<VisitHistoryQuery['visit']>['amendments'][number];

/** Every amendment of a closed visit, newest first: who, when, why, and what each field said before. */
export function VisitHistory({ visit }: { visit: VisitPartsFragment }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(VisitHistoryDocument, {
    variables: { id: visit.id },
    fetchPolicy: 'no-cache',
  });
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  const amendments = data?.visit?.amendments ?? [];
  if (amendments.length === 0) return null;
  return (
    <Panel title={t('visit.history')}>
      <Stack component="ol" gap="lg" m={0} p={0} style={{ listStyle: 'none' }}>
        {amendments.map((amendment, place) => (
          <li key={amendment.id}>
            <AmendmentReading amendment={amendment} after={amendments[place - 1]?.before ?? visit} />
          </li>
        ))}
      </Stack>
    </Panel>
  );
}

function AmendmentReading({ amendment, after }: { amendment: Amendment; after: Version }) {
  const { t } = useTranslation();
  const { before, author, at, reason } = amendment;
  return (
    <>
      <Text size="sm" fw={600}>
        {author
          ? t('visit.amendedBy', { name: author.name, when: formatDateTime(at) })
          : t('visit.amendedByImport', { when: formatDateTime(at) })}
      </Text>
      {reason ? (
        <Text size="sm" className="written">
          {t('visit.amendedBecause', { reason })}
        </Text>
      ) : null}
      <dl className={classes.changes}>
        {changedBetween(before, after, t).map(({ label, was, became }) => (
          <div key={label} className={classes.change}>
            <dt>{label}</dt>
            <dd>
              <span className={classes.word}>{t('visit.was')}</span> <del>{was || t('common.notRecorded')}</del>
            </dd>
            <dd>
              <span className={classes.word}>{t('visit.became')}</span> <ins>{became || t('common.notRecorded')}</ins>
            </dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed">
        {before.writtenBy
          ? t('visit.writtenBy', { name: before.writtenBy.name, when: formatDateTime(before.writtenAt) })
          : t('visit.writtenAt', { when: formatDateTime(before.writtenAt) })}
      </Text>
    </>
  );
}
