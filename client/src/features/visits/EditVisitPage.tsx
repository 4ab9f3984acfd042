import { useQuery } from '@apollo/client/react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../session/use-session';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { usePatient } from '../patients/patient-context';
import { AmendVisit } from './AmendVisit';
import { OneVisit } from './documents';
import { EditVisit } from './EditVisit';
import { MeasureVitals } from './MeasureVitals';
import { isOpen } from './visit-values';
import { VisitReading } from './VisitReading';

/** A visit at its address: edited by those who may, measured by nurses, read by all others; read and amended once it is closed. */
export function EditVisitPage() {
  const { t } = useTranslation();
  const { visitId } = useParams({ from: '/frame/patients/$patientId/visits/$visitId' });
  const mayWrite = useMay('VISIT_WRITE');
  const mayMeasure = useMay('VITALS_WRITE');
  const mayAmend = useMay('VISIT_AMEND') && !usePatient().deletedAt;
  const [amending, setAmending] = useState(false);
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
  if (isOpen(visit.status)) return <VisitReading visit={visit} />;
  if (!amending) return <VisitReading visit={visit} onAmend={mayAmend ? () => setAmending(true) : undefined} />;
  const done = () => void refetch().finally(() => setAmending(false));
  return <AmendVisit visit={visit} onDone={done} />;
}
