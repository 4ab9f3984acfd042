import { useMutation } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisitPartsFragment } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { formatDateTime } from '../../ui/format';
import { notifyDone } from '../../ui/notify';
import { PageHeading } from '../../ui/PageHeading';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { useEditForm } from '../../ui/use-edit-form';
import { usePatient } from '../patients/patient-context';
import { usePatientName } from '../patients/use-patient-name';
import { ChangeVisit, RemoveVisit } from './documents';
import { forgetVisits } from './forget-visits';
import { LookAgain, usePlausible } from './use-plausible';
import { useVisitConflict } from './use-visit-conflict';
import { fromVisit, toUpdateVisit, visitSchema, type VisitValues } from './visit-values';
import { VisitForm } from './VisitForm';

export function EditVisit({ visit }: { visit: VisitPartsFragment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const patient = usePatient();
  const mayDelete = useMay('VISIT_DELETE');
  const name = usePatientName(patient);
  const { check, dialog: doubts } = usePlausible(name);
  const { noticed, dialog } = useVisitConflict(visit);
  const [change] = useMutation(ChangeVisit);
  const [remove] = useMutation(RemoveVisit, { update: (cache) => forgetVisits(cache, patient.id) });
  const [removing, setRemoving] = useState(false);
  const back = () => void navigate({ to: '/patients/$patientId/visits', params: { patientId: patient.id } });

  const edit = useEditForm<VisitValues>({
    draftKey: `visit ${visit.id}`,
    initial: fromVisit(visit),
    version: visit.version,
    schema: visitSchema,
    ignore: (error) => error instanceof LookAgain,
    submit: async (values, base) => {
      await check(values.vitals);
      const changes = toUpdateVisit(values, base.values);
      try {
        if (Object.keys(changes).length > 0) {
          await change({ variables: { input: { id: visit.id, expectedVersion: base.version ?? 0, ...changes } } });
          notifyDone(t('visit.saved'));
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
        title={t('visit.edit')}
        note={formatDateTime(visit.startedAt)}
        actions={
          mayDelete ? (
            <Button variant="default" onClick={() => setRemoving(true)}>
              {t('visit.delete')}
            </Button>
          ) : null
        }
      />
      <VisitForm edit={edit} label={t('visit.edit')} onCancel={back} />
      {doubts}
      <ReasonDialog
        opened={removing}
        askReason={false}
        onClose={() => setRemoving(false)}
        title={`${t('visit.delete')}: ${name}`}
        text={t('visit.deleteText')}
        confirmLabel={t('visit.delete')}
        onConfirm={async () => {
          await remove({ variables: { input: { id: visit.id, expectedVersion: visit.version } } });
          edit.release();
          notifyDone(t('visit.deleted'));
          back();
        }}
      />
      {dialog(edit, name)}
    </>
  );
}
