import { useApolloClient, useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { useMay } from '../../session/use-session';
import { Only } from '../../shell/NoAccess';
import { notifyDone } from '../../ui/notify';
import { PageHeading } from '../../ui/PageHeading';
import { useEditForm } from '../../ui/use-edit-form';
import { DuplicateDialog, type Candidate } from './DuplicateDialog';
import { emptyPatient, patientSchema, toCreateInput, toSimilarInput, type PatientValues } from './patient-values';
import { PatientForm } from './PatientForm';

const RegisterPatient = graphql(`
  mutation RegisterPatient($input: CreatePatientInput!) {
    createPatient(input: $input) {
      id
    }
  }
`);

const SimilarPatients = graphql(`
  query SimilarPatients($input: SimilarPatientsInput!) {
    similarPatients(input: $input) {
      because
      patient {
        id
        mrn
        name {
          family
          given
        }
        birthDate
        gender
        confidential
      }
    }
  }
`);

export function RegisterPage() {
  return (
    <Only permission="PATIENT_WRITE">
      <Register />
    </Only>
  );
}

/** Asks before a second record of the same person is made, and sends a key so that a repeated click makes one patient. */
function Register() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useApolloClient();
  const mayWriteClinical = useMay('CLINICAL_WRITE');
  const [create] = useMutation(RegisterPatient);
  const [key] = useState(() => crypto.randomUUID());
  const [candidates, setCandidates] = useState<Candidate[] | null>(null);
  const answer = useRef<((go: boolean) => void) | null>(null);

  const isNew = async (values: PatientValues): Promise<boolean> => {
    const variables = { input: toSimilarInput(values) };
    const { data } = await client.query({ query: SimilarPatients, variables, fetchPolicy: 'no-cache' });
    const found = data?.similarPatients ?? [];
    if (found.length === 0) return true;
    setCandidates(found);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  };

  const edit = useEditForm<PatientValues>({
    draftKey: 'register',
    initial: emptyPatient,
    schema: patientSchema,
    submit: async (values) => {
      if (!(await isNew(values))) throw new StayHere();
      const { data } = await create({ variables: { input: toCreateInput(values, mayWriteClinical, key) } });
      if (!data) return;
      edit.release();
      notifyDone(t('patientForm.registered'));
      await navigate({ to: '/patients/$patientId', params: { patientId: data.createPatient.id } });
    },
    ignore: (error) => error instanceof StayHere,
  });

  const decide = (go: boolean) => {
    setCandidates(null);
    answer.current?.(go);
  };

  return (
    <>
      <PageHeading title={t('patients.register')} note={t('patientForm.registerNote')} />
      <PatientForm edit={edit} kind="register" onCancel={() => void navigate({ to: '/patients' })} />
      {candidates ? (
        <DuplicateDialog
          candidates={candidates}
          onRegister={() => decide(true)}
          onClose={() => decide(false)}
          onOpen={(patientId) => {
            edit.release();
            decide(false);
            void navigate({ to: '/patients/$patientId', params: { patientId } });
          }}
        />
      ) : null}
    </>
  );
}

/** The person saw the warning and went back to the form: not a fault. */
class StayHere extends Error {}
