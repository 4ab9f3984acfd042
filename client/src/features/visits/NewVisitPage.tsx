import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../session/use-session';
import { Only } from '../../shell/NoAccess';
import { notifyDone } from '../../ui/notify';
import { PageHeading } from '../../ui/PageHeading';
import { useEditForm } from '../../ui/use-edit-form';
import { usePatient } from '../patients/patient-context';
import { usePatientName } from '../patients/use-patient-name';
import { LookAgain, usePlausible } from './use-plausible';
import { useWriteVisit } from './use-write-visit';
import { newVisit, visitSchema, type VisitValues } from './visit-values';
import { VisitForm } from './VisitForm';

export function NewVisitPage() {
  return (
    <Only permission="VISIT_WRITE">
      <NewVisit />
    </Only>
  );
}

function NewVisit() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const patient = usePatient();
  const { check, dialog } = usePlausible(usePatientName(patient));
  const write = useWriteVisit(patient.id);
  const back = () => void navigate({ to: '/patients/$patientId/visits', params: { patientId: patient.id } });

  const edit = useEditForm<VisitValues>({
    draftKey: `new visit ${patient.id}`,
    initial: newVisit(me?.id ?? null),
    schema: visitSchema,
    ignore: (error) => error instanceof LookAgain,
    submit: async (values) => {
      await check(values.vitals);
      await write(values);
      edit.release();
      notifyDone(t('visit.saved'));
      back();
    },
  });
  return (
    <>
      <PageHeading title={t('visit.new')} />
      <VisitForm edit={edit} label={t('visit.new')} onCancel={back} />
      {dialog}
    </>
  );
}
