import { useApolloClient, useQuery } from '@apollo/client/react';
import { Skeleton, Stack } from '@mantine/core';
import { Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf } from '../../session/fault';
import { NoAccess, Only } from '../../shell/NoAccess';
import { useMay } from '../../session/use-session';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { LinkAnchor } from '../../ui/links';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { RestrictedRecord } from '../break-glass/RestrictedRecord';
import { MergeNotice } from '../merge/MergeNotice';
import { ChangedNotice } from './ChangedNotice';
import type { Certificate } from './EraseDialog';
import { ErasedNotice } from './ErasedNotice';
import { PatientRecord } from './fragments';
import { PatientActions } from './PatientActions';
import { PatientBanner } from './PatientBanner';
import { PatientContext } from './patient-context';
import { PatientTabs } from './PatientTabs';
import { PrintRecord } from './PrintRecord';

export function PatientLayout() {
  const { patientId } = useParams({ from: '/frame/patients/$patientId' });
  return (
    <Only permission="PATIENT_READ">
      <RecordOrNotice key={patientId} patientId={patientId} />
    </Only>
  );
}

/** Once the patient is erased, nothing may ask for the record again: its certificate takes the place. */
function RecordOrNotice({ patientId }: { patientId: string }) {
  const [certificate, setCertificate] = useState<Certificate | null>(null);
  if (certificate) return <ErasedNotice certificate={certificate} />;
  return <Record patientId={patientId} onErased={setCertificate} />;
}

interface RecordProps {
  patientId: string;
  onErased: (certificate: Certificate) => void;
}

/** The banner stays above every tab and form of the record. */
function Record({ patientId, onErased }: RecordProps) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  // Once a broken glass is mended nothing may ask for the record again unasked: that would be one more refusal in the log.
  const [mended, setMended] = useState(false);
  const { data, error, refetch } = useQuery(PatientRecord, { variables: { id: patientId }, skip: mended });
  const { cache } = useApolloClient();
  const mayBreakGlass = useMay('BREAK_GLASS');
  const patient = data?.patient;
  const forget = useCallback(() => {
    // what was read under the glass does not stay behind it
    cache.evict({ id: cache.identify({ __typename: 'Patient', id: patientId }) });
    cache.gc();
    setMended(true);
  }, [cache, patientId]);
  if (mended || (!patient && error && faultOf(error).code === 'BREAK_GLASS_AVAILABLE')) {
    const open = () => (mended ? setMended(false) : void refetch());
    return <RestrictedRecord patientId={patientId} onOpened={open} />;
  }
  if (!patient && error && faultOf(error).code === 'FORBIDDEN') return <NoAccess to="patient" />;
  if (!patient && (error || data)) {
    return (
      <>
        <PageHeading title={t('patient.record')} />
        <FaultNotice error={error} onRetry={() => void refetch()} />
        {mayBreakGlass && error && faultOf(error).code === 'NOT_FOUND' ? (
          <LinkAnchor to="/emergency" size="sm" mt="sm" display="inline-block">
            {t('breakGlass.byMrn')}
          </LinkAnchor>
        ) : null}
      </>
    );
  }
  if (!patient) return <RecordSkeleton />;

  // Forms have a heading and buttons of their own; the tabs would only lead away from unsaved work.
  const isForm = /\/(edit|visits\/[^/]+|merge(\/[^/]+)?)$/.test(pathname);
  return (
    <PatientContext value={patient}>
      <PatientBanner patient={patient} onGrantOver={forget} />
      <ChangedNotice patientId={patientId} editing={isForm} />
      {isForm ? null : <MergeNotice patient={patient} />}
      {isForm ? null : (
        <>
          <PageHeading
            key={pathname}
            title={t('patient.record')}
            actions={
              <>
                <PrintRecord patient={patient} />
                <PatientActions patient={patient} onErased={onErased} />
              </>
            }
          />
          <PatientTabs patientId={patientId} />
        </>
      )}
      <Outlet />
    </PatientContext>
  );
}

function RecordSkeleton() {
  return (
    <Stack>
      <Skeleton height={78} radius="md" />
      <Skeleton height={36} width={260} />
      <RowsSkeleton rows={3} height={120} />
    </Stack>
  );
}
