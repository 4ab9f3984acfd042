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
import { useVisitConflict } from './use-visit-conflict';
import { vitalsConflictRows } from './visit-conflict';
import { fromVisit, vitalsSchema, type VisitValues } from './visit-values';
import { changedVitals, toVitals } from './vitals';
import { VitalsFields } from './VitalsFields';
import { VisitFacts } from './VisitReading';

/** Vital signs only, for those who measure but do not write the visit. */
export function MeasureVitals({ visit }: { visit: VisitPartsFragment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const patient = usePatient();
  const name = usePatientName(patient);
  const { check, dialog: doubts } = usePlausible(name);
  const { noticed, dialog } = useVisitConflict(visit, vitalsConflictRows);
  const [record] = useMutation(AddVitals);
  const back = () => void navigate({ to: '/patients/$patientId/visits', params: { patientId: patient.id } });

  const edit = useEditForm<VisitValues>({
    draftKey: `vitals ${visit.id}`,
    initial: fromVisit(visit),
    version: visit.version,
    schema: vitalsSchema,
    ignore: (error) => error instanceof LookAgain,
    submit: async ({ vitals }, base) => {
      const measured = changedVitals(vitals, base.values.vitals);
      const changes = Object.keys(measured).length > 0;
      if (!changes && !toVitals(vitals)) {
        throw new Fault('BAD_USER_INPUT', { fields: [{ path: 'vitals', message: t('validation.noVitals') }] });
      }
      await check(vitals);
      const input = { visitId: visit.id, expectedVersion: base.version ?? 0, vitals: measured };
      try {
        if (changes) {
          await record({ variables: { input } });
          notifyDone(t('vitals.saved'));
        }
      } catch (error) {
        await noticed(error);
        throw error;
      }
      edit.release();
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
      {doubts}
      {dialog(edit, name)}
    </>
  );
}
