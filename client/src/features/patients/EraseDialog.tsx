import { useMutation } from '@apollo/client/react';
import { Alert, Button, Group, List, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { graphql } from '../../gql';
import type { ErasePatientMutation } from '../../gql/graphql';
import { faultOf, type Fault } from '../../session/fault';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDate } from '../../ui/format';
import type { PatientOfRecord } from './patient-context';
import { usePatientIdentity } from './use-patient-name';

const ErasePatient = graphql(`
  mutation ErasePatient($input: ErasePatientInput!) {
    erasePatient(input: $input) {
      patientId
      erasedAt
      json
    }
  }
`);

export type Certificate = ErasePatientMutation['erasePatient'];

interface Props {
  patient: PatientOfRecord;
  onClose: () => void;
  onErased: (certificate: Certificate) => void;
}

/** The one thing here that cannot be undone: says what goes and what stays, and wants the MRN typed. */
export function EraseDialog({ patient, onClose, onErased }: Props) {
  const { t } = useTranslation();
  const { name, mrn, birthDate } = usePatientIdentity(patient);
  const [values, setValues] = useState({ reason: '', confirmMrn: '' });
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const [fault, setFault] = useState<Fault | null>(null);
  const [erase, { loading }] = useMutation(ErasePatient, { fetchPolicy: 'no-cache' });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const reason = values.reason.trim();
    const confirmMrn = values.confirmMrn.trim();
    const found: typeof errors = {};
    if (reason.length < 3) found.reason = t('validation.reason');
    if (confirmMrn.toUpperCase() !== mrn.toUpperCase()) found.confirmMrn = t('erase.otherMrn');
    setErrors(found);
    setFault(null);
    if (Object.keys(found).length > 0) return;
    try {
      const { data } = await erase({ variables: { input: { id: patient.id, reason, confirmMrn } } });
      if (data) onErased(data.erasePatient);
    } catch (error) {
      const failed = faultOf(error);
      setErrors(Object.fromEntries(failed.fields.map((field) => [field.path, field.message])));
      if (failed.fields.length === 0) setFault(failed);
    }
  };
  const field = (key: keyof typeof values) => ({
    value: values[key],
    error: errors[key],
    required: true,
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [key]: event.currentTarget.value }),
  });

  return (
    <Dialog
      opened
      // The question for the password lies above this one, and Escape is meant for that.
      onClose={() => (loading ? undefined : onClose())}
      title={`${t('erase.title')}: ${name}`}
      size="lg"
    >
      <form noValidate aria-label={t('erase.title')} onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text size="sm">{t('erase.who', { born: formatDate(birthDate), mrn })}</Text>
          <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={t('erase.final')}>
            <List size="sm" spacing={4}>
              <List.Item>{t('erase.destroyed')}</List.Item>
              <List.Item>{t('erase.kept')}</List.Item>
              <List.Item>{t('erase.elsewhere')}</List.Item>
            </List>
          </Alert>
          {fault ? <FaultNotice error={fault} takeFocus /> : null}
          <Textarea
            label={t('form.reason')}
            description={t('erase.reasonHint')}
            data-autofocus
            autosize
            minRows={2}
            maxLength={200}
            {...field('reason')}
          />
          <TextInput
            label={t('erase.confirmMrn')}
            description={t('erase.confirmHint', { mrn })}
            autoComplete="off"
            spellCheck={false}
            {...field('confirmMrn')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={loading}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={loading}>
              {t('erase.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
