import { useApolloClient, useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { EditPartsFragment } from '../../gql/graphql';
import { faultOf } from '../../session/fault';
import { useMay } from '../../session/use-session';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { patientName } from '../../ui/format';
import { merge } from '../../ui/merge';
import { notifyDone } from '../../ui/notify';
import { useEditForm } from '../../ui/use-edit-form';
import { PatientForEdit } from './EditPatientPage';
import { conflictRows } from './patient-conflict';
import { fromPatient, patientDraft, patientSchema, toUpdateInput, type PatientValues } from './patient-values';
import { PatientForm } from './PatientForm';

const SavePatient = graphql(`
  mutation SavePatient($input: UpdatePatientInput!) {
    updatePatient(input: $input) {
      id
      version
      updatedAt
      ...PatientBannerParts
      ...ClinicalParts
      ...DetailsParts
    }
  }
`);

/** Edits what was read; when somebody saved in between, both versions are shown and the person decides. */
export function EditPatient({ patient }: { patient: EditPartsFragment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useApolloClient();
  const mayWriteClinical = useMay('CLINICAL_WRITE');
  const [save] = useMutation(SavePatient);
  const [theirs, setTheirs] = useState<EditPartsFragment | null>(null);
  const back = () => void navigate({ to: '/patients/$patientId/details', params: { patientId: patient.id } });

  const edit = useEditForm<PatientValues>({
    draftKey: patientDraft(patient.id),
    initial: fromPatient(patient),
    version: patient.version,
    schema: patientSchema,
    submit: async (values, base) => {
      const changes = toUpdateInput(values, base.values, mayWriteClinical);
      if (Object.keys(changes).length > 0) {
        await save({ variables: { input: { id: patient.id, expectedVersion: base.version ?? 0, ...changes } } }).catch(
          async (error: unknown) => {
            if (faultOf(error).code === 'CONFLICT') await readTheirs();
            throw error;
          },
        );
        notifyDone(t('patientForm.saved'));
      }
      edit.release();
      back();
    },
  });

  const readTheirs = async () => {
    const variables = { id: patient.id };
    const { data } = await client.query({ query: PatientForEdit, variables, fetchPolicy: 'network-only' });
    setTheirs(data?.patient ?? null);
  };

  const adopt = (values: PatientValues) => {
    if (!theirs) return;
    edit.rebase({ values: fromPatient(theirs), version: theirs.version }, values);
    setTheirs(null);
  };

  const current = edit.fault?.current;
  return (
    <>
      <PatientForm edit={edit} kind="edit" onCancel={back} />
      {theirs && current ? (
        <ConflictDialog
          title={`${t('conflict.title')}: ${patientName(patient.name)}`}
          current={current}
          rows={conflictRows(edit.form.values, fromPatient(theirs), t)}
          onKeepMine={() => adopt(merge(edit.form.values, edit.base.values, fromPatient(theirs)))}
          onTakeTheirs={() => adopt(fromPatient(theirs))}
          onClose={() => setTheirs(null)}
        />
      ) : null}
    </>
  );
}
