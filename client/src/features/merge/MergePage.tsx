import { useQuery } from '@apollo/client/react';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Only } from '../../shell/NoAccess';
import { FaultNotice } from '../../ui/FaultNotice';
import { LinkButton } from '../../ui/links';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { MergePreview } from './documents';
import { MergeForm } from './MergeForm';

export function MergePage() {
  return (
    <Only permission="PATIENT_MERGE">
      <Preview />
    </Only>
  );
}

/** Second step of a merge: both records side by side. */
function Preview() {
  const { t } = useTranslation();
  const { patientId, duplicateId } = useParams({ from: '/frame/patients/$patientId/merge/$duplicateId' });
  const { data, error, refetch } = useQuery(MergePreview, {
    variables: { keepId: patientId, mergeId: duplicateId },
    // What is chosen is chosen from what was shown: nothing may change it under the hand.
    fetchPolicy: 'no-cache',
  });
  return (
    <>
      <PageHeading
        title={t('merge.title')}
        note={t('merge.note')}
        actions={
          <LinkButton to="/patients/$patientId/merge" params={{ patientId }} variant="default">
            {t('merge.another')}
          </LinkButton>
        }
      />
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <RowsSkeleton rows={3} height={150} /> : null}
      {data ? <MergeForm key={patientId} preview={data.mergePreview} onStale={() => void refetch()} /> : null}
    </>
  );
}
