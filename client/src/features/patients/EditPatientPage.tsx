import { useQuery } from '@apollo/client/react';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { Only } from '../../shell/NoAccess';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { EditPatient } from './EditPatient';

export const PatientForEdit = graphql(`
  query PatientForEdit($id: ID!) {
    patient(id: $id) {
      ...EditParts @unmask
    }
  }
`);

export function EditPatientPage() {
  const { t } = useTranslation();
  const { patientId } = useParams({ from: '/frame/patients/$patientId/edit' });
  const { data, error, refetch } = useQuery(PatientForEdit, {
    variables: { id: patientId },
    // The form starts from what the server has now, and nothing that arrives later may change it under the hand.
    fetchPolicy: 'no-cache',
  });
  return (
    <Only permission="PATIENT_WRITE">
      <PageHeading title={t('patient.edit')} order={1} />
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <RowsSkeleton rows={3} height={150} /> : null}
      {data?.patient ? <EditPatient patient={data.patient} /> : null}
    </Only>
  );
}
