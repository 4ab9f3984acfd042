import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { VisitPartsFragment } from '../../gql/graphql';
import { Fault } from '../../session/fault';
import { formatDateTime } from '../../ui/format';
import { FormFrame } from '../../ui/FormFrame';
import { notifyDone } from '../../ui/notify';
import { PageHeading } from '../../ui/PageHeading';
import { useEditForm } from '../../ui/use-edit-form';
import { usePatient } from '../patients/patient-context';
import { usePatientName } from '../patients/use-patient-name';
import { AddVitals } from './documents';
import { LookAgain, usePlausible } from './use-plausible';
import { vitalsSchema } from './visit-values';
import { fromVitals, toVitals, type VitalsValues } from './vitals';
import { VitalsFields } from './VitalsFields';
import { VisitFacts } from './VisitReading';

interface Values extends Record<string, unknown> {
  vitals: VitalsValues;
}

/** Vital signs only, for those who measure but do not write the visit. */
export function MeasureVitals({ visit }: { visit: VisitPartsFragment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const patient = usePatient();
  const { check, dialog } = usePlausible(usePatientName(patient));
  const [record] = useMutation(AddVitals);
  const back = () => void navigate({ to: '/patients/$patientId/visits', params: { patientId: patient.id } });

  const edit = useEditForm<Values>({
    draftKey: `vitals ${visit.id}`,
    initial: { vitals: fromVitals(visit.vitals) },
    schema: vitalsSchema,
    ignore: (error) => error instanceof LookAgain,
    submit: async ({ vitals }) => {
      const measured = toVitals(vitals);
      if (!measured) {
        throw new Fault('BAD_USER_INPUT', { fields: [{ path: 'vitals', message: t('validation.noVitals') }] });
      }
      await check(vitals);
      await record({ variables: { input: { visitId: visit.id, expectedVersion: visit.version, vitals: measured } } });
      edit.release();
      notifyDone(t('vitals.saved'));
      back();
    },
  });
  return (
    <>
      <PageHeading
        title={t('visit.vitals')}
        note={`${formatDateTime(visit.startedAt)} · ${t(`visitType.${visit.type}`)}`}
      />
      <VisitFacts visit={visit} />
      <FormFrame edit={edit} label={t('visit.vitals')} saveLabel={t('vitals.save')} onCancel={back}>
        <VitalsFields edit={edit} />
      </FormFrame>
      {dialog}
    </>
  );
}
