import { useQuery } from '@apollo/client/react';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../session/use-session';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { OneVisit } from './documents';
import { EditVisit } from './EditVisit';
import { MeasureVitals } from './MeasureVitals';
import { isOpen } from './visit-values';
import { VisitReading } from './VisitReading';

/** A visit at its address: edited by those who may, measured by nurses, read by all others and once it is closed. */
export function EditVisitPage() {
  const { t } = useTranslation();
  const { visitId } = useParams({ from: '/frame/patients/$patientId/visits/$visitId' });
  const mayWrite = useMay('VISIT_WRITE');
  const mayMeasure = useMay('VITALS_WRITE');
  const { data, error, refetch } = useQuery(OneVisit, {
    variables: { id: visitId },
    // The form starts from what the server has now, and nothing that arrives later may change it under the hand.
    fetchPolicy: 'no-cache',
  });
  const visit = data?.visit;
  if (!visit) {
    return (
      <>
        <PageHeading title={t('visit.title')} />
        {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <RowsSkeleton rows={3} height={140} />}
      </>
    );
  }
  if (isOpen(visit.status) && mayWrite) return <EditVisit visit={visit} />;
  if (isOpen(visit.status) && mayMeasure) return <MeasureVitals visit={visit} />;
  return <VisitReading visit={visit} />;
}
