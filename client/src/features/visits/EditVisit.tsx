import { useApolloClient, useMutation } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisitPartsFragment } from '../../gql/graphql';
import { faultOf } from '../../session/fault';
import { useMay } from '../../session/use-session';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { formatDateTime } from '../../ui/format';
import { merge } from '../../ui/merge';
import { notifyDone } from '../../ui/notify';
import { PageHeading } from '../../ui/PageHeading';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { useEditForm } from '../../ui/use-edit-form';
import { usePatient } from '../patients/patient-context';
import { usePatientName } from '../patients/use-patient-name';
import { ChangeVisit, OneVisit, RemoveVisit } from './documents';
import { forgetVisits } from './forget-visits';
import { LookAgain, usePlausible } from './use-plausible';
import { visitConflictRows } from './visit-conflict';
import { fromVisit, toUpdateVisit, visitSchema, type VisitValues } from './visit-values';
import { VisitForm } from './VisitForm';

export function EditVisit({ visit }: { visit: VisitPartsFragment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useApolloClient();
  const patient = usePatient();
  const mayDelete = useMay('VISIT_DELETE');
  const name = usePatientName(patient);
  const { check, dialog } = usePlausible(name);
  const [change] = useMutation(ChangeVisit);
  const [remove] = useMutation(RemoveVisit, { update: (cache) => forgetVisits(cache, patient.id) });
  const [base, setBase] = useState({ values: fromVisit(visit), version: visit.version });
  const [theirs, setTheirs] = useState<VisitPartsFragment | null>(null);
  const [removing, setRemoving] = useState(false);
  const back = () => void navigate({ to: '/patients/$patientId/visits', params: { patientId: patient.id } });

  const readTheirs = async () => {
    const { data } = await client.query({ query: OneVisit, variables: { id: visit.id }, fetchPolicy: 'network-only' });
    setTheirs(data?.visit ?? null);
  };

  const edit = useEditForm<VisitValues>({
    draftKey: `visit ${visit.id}`,
    initial: base.values,
    schema: visitSchema,
    ignore: (error) => error instanceof LookAgain,
    submit: async (values) => {
      await check(values.vitals);
      const changes = toUpdateVisit(values, base.values);
      try {
        if (Object.keys(changes).length > 0) {
          await change({ variables: { input: { id: visit.id, expectedVersion: base.version, ...changes } } });
          notifyDone(t('visit.saved'));
        }
      } catch (error) {
        if (faultOf(error).code === 'CONFLICT') await readTheirs();
        throw error;
      }
      edit.release();
      back();
    },
  });

  const adopt = (values: VisitValues) => {
    if (!theirs) return;
    setBase({ values: fromVisit(theirs), version: theirs.version });
    edit.form.setValues(values);
    edit.setFault(null);
    setTheirs(null);
  };

  const current = edit.fault?.current;
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
      {dialog}
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
      {theirs && current ? (
        <ConflictDialog
          title={`${t('conflict.title')}: ${name}`}
          current={current}
          rows={visitConflictRows(edit.form.values, fromVisit(theirs), t)}
          onKeepMine={() => adopt(merge(edit.form.values, base.values, fromVisit(theirs)))}
          onTakeTheirs={() => adopt(fromVisit(theirs))}
          onClose={() => setTheirs(null)}
        />
      ) : null}
    </>
  );
}
