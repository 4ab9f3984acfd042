import { useMutation } from '@apollo/client/react';
import { Button, Menu } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowMerge,
  IconChevronDown,
  IconEdit,
  IconEraser,
  IconEye,
  IconPlus,
  IconShieldLock,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { useMay } from '../../session/use-session';
import { notifyDone } from '../../ui/notify';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { ConfidentialDialog } from './ConfidentialDialog';
import { EraseDialog, type Certificate } from './EraseDialog';
import type { PatientOfRecord } from './patient-context';
import { usePatientName } from './use-patient-name';
import { LinkButton } from '../../ui/links';

const DeletePatient = graphql(`
  mutation DeletePatient($input: DeletePatientInput!) {
    deletePatient(input: $input) {
      id
      version
      deletedAt
    }
  }
`);

const RestorePatient = graphql(`
  mutation RestorePatient($input: RestorePatientInput!) {
    restorePatient(input: $input) {
      id
      version
      deletedAt
    }
  }
`);

interface Props {
  patient: PatientOfRecord;
  onErased: (certificate: Certificate) => void;
}

/** What may be done with the whole record. */
export function PatientActions({ patient, onErased }: Props) {
  const { t } = useTranslation();
  const mayEdit = useMay('PATIENT_WRITE');
  const mayDelete = useMay('PATIENT_DELETE');
  const mayErase = useMay('PATIENT_ERASE');
  const mayConceal = useMay('PATIENT_CONFIDENTIAL');
  const mayMerge = useMay('PATIENT_MERGE');
  const mayVisit = useMay('VISIT_WRITE');
  const [asking, setAsking] = useState<'delete' | 'restore' | 'conceal' | 'erase' | null>(null);
  const [remove] = useMutation(DeletePatient);
  const [restore] = useMutation(RestorePatient);
  const navigate = useNavigate();
  const name = usePatientName(patient);
  const deleted = Boolean(patient.deletedAt);
  const params = { patientId: patient.id };
  const Eye = patient.confidential ? IconEye : IconShieldLock;

  return (
    <>
      {mayVisit && !deleted ? (
        <LinkButton
          to="/patients/$patientId/visits/new"
          params={params}
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          {t('visit.new')}
        </LinkButton>
      ) : null}
      {mayEdit && !deleted ? (
        <LinkButton
          to="/patients/$patientId/edit"
          params={params}
          variant="default"
          leftSection={<IconEdit size={16} aria-hidden />}
        >
          {t('patient.edit')}
        </LinkButton>
      ) : null}
      {mayDelete && deleted ? (
        <Button leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={() => setAsking('restore')}>
          {t('patient.restore')}
        </Button>
      ) : null}
      {((mayDelete || mayConceal || mayMerge) && !deleted) || mayErase ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
              {t('patient.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {mayConceal && !deleted ? (
              <Menu.Item leftSection={<Eye size={16} aria-hidden />} onClick={() => setAsking('conceal')}>
                {t(patient.confidential ? 'patient.reveal' : 'patient.conceal')}
              </Menu.Item>
            ) : null}
            {mayMerge && !deleted ? (
              <Menu.Item
                leftSection={<IconArrowMerge size={16} aria-hidden />}
                onClick={() => void navigate({ to: '/patients/$patientId/merge', params })}
              >
                {t('merge.title')}
              </Menu.Item>
            ) : null}
            {mayDelete && !deleted ? (
              <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setAsking('delete')}>
                {t('patient.delete')}
              </Menu.Item>
            ) : null}
            {mayErase ? (
              <Menu.Item leftSection={<IconEraser size={16} aria-hidden />} onClick={() => setAsking('erase')}>
                {t('erase.title')}
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      <ReasonDialog
        opened={asking === 'delete'}
        onClose={() => setAsking(null)}
        title={`${t('patient.delete')}: ${name}`}
        text={t('patient.deleteText')}
        confirmLabel={t('patient.delete')}
        onConfirm={async (reason) => {
          await remove({ variables: { input: { id: patient.id, expectedVersion: patient.version, reason } } });
          notifyDone(t('patient.deletedDone'));
        }}
      />
      <ReasonDialog
        opened={asking === 'restore'}
        askReason={false}
        onClose={() => setAsking(null)}
        title={`${t('patient.restore')}: ${name}`}
        text={t('patient.restoreText')}
        confirmLabel={t('patient.restore')}
        onConfirm={async () => {
          await restore({ variables: { input: { id: patient.id, expectedVersion: patient.version } } });
          notifyDone(t('patient.restoredDone'));
        }}
      />
      <ConfidentialDialog patient={patient} opened={asking === 'conceal'} onClose={() => setAsking(null)} />
      {asking === 'erase' ? (
        <EraseDialog patient={patient} onClose={() => setAsking(null)} onErased={onErased} />
      ) : null}
    </>
  );
}
