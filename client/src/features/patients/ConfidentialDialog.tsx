import { useMutation } from '@apollo/client/react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { notifyDone } from '../../ui/notify';
import { ReasonDialog } from '../../ui/ReasonDialog';
import type { PatientOfRecord } from './patient-context';
import { usePatientName } from './use-patient-name';

const SetConfidential = graphql(`
  mutation SetConfidential($input: SetConfidentialInput!) {
    setConfidential(input: $input) {
      id
      version
      confidential
    }
  }
`);

interface Props {
  patient: PatientOfRecord;
  opened: boolean;
  onClose: () => void;
}

/** Makes the patient unknown outside the care team, or known again. */
export function ConfidentialDialog({ patient, opened, onClose }: Props) {
  const { t } = useTranslation();
  const name = usePatientName(patient);
  const [set] = useMutation(SetConfidential);
  const { id, version, confidential } = patient;
  const title = t(confidential ? 'patient.reveal' : 'patient.conceal');
  return (
    <ReasonDialog
      opened={opened}
      onClose={onClose}
      title={`${title}: ${name}`}
      text={t(confidential ? 'patient.revealText' : 'patient.concealText')}
      confirmLabel={title}
      onConfirm={async (reason) => {
        await set({ variables: { input: { id, expectedVersion: version, confidential: !confidential, reason } } });
        notifyDone(t(confidential ? 'patient.revealed' : 'patient.concealed'));
      }}
    />
  );
}
