import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Group, Modal, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault } from '../../session/fault';
import { FaultNotice } from '../../ui/FaultNotice';
import { ApiScopes, CreateApiClient } from './documents';
import { writtenScopes, type ScopeChoice } from './scope-choice';
import { ScopeFields } from './ScopeFields';
import { SecretOnce } from './SecretOnce';

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface Values {
  name: string;
  choice: ScopeChoice;
  /** Ids of patients, one a line. */
  patients: string;
  requestsPerMinute: number;
}

type Errors = Partial<Record<string, string>>;

/** Registers another system and shows its secret, this once. */
export function CreateClientDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Values>({ name: '', choice: {}, patients: '', requestsPerMinute: 600 });
  const [errors, setErrors] = useState<Errors>({});
  const [fault, setFault] = useState<Fault | null>(null);
  const scopes = useQuery(ApiScopes);
  // no-cache: a secret stays out of the cache.
  const [create, { loading, data }] = useMutation(CreateApiClient, { fetchPolicy: 'no-cache' });
  const made = data?.createApiClient;
  const known = scopes.data?.apiScopes ?? [];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const written = writtenScopes(known, values.choice);
    const patientIds = values.patients.split(/[\s,;]+/).filter(Boolean);
    const found: Errors = {};
    if (!values.name.trim()) found.name = t('validation.required');
    if (!written) found.scopes = t('apiClients.noFields');
    else if (written.length === 0) found.scopes = t('apiClients.noScope');
    if (!patientIds.every((id) => ID.test(id))) found.patientIds = t('apiClients.notIds');
    setErrors(found);
    setFault(null);
    const [first] = Object.keys(found);
    // The button is far below what it complains of.
    if (first) document.getElementById(`api-client-${first}`)?.focus();
    if (!written || Object.keys(found).length > 0) return;
    const { requestsPerMinute } = values;
    const input = { name: values.name.trim(), scopes: written, requestsPerMinute };
    try {
      await create({ variables: { input: patientIds.length > 0 ? { ...input, patientIds } : input } });
      onCreated();
    } catch (error) {
      const failed = faultOf(error);
      setErrors(Object.fromEntries(failed.fields.map((field) => [field.path, field.message])));
      if (failed.fields.length === 0) setFault(failed);
    }
  };

  return (
    <Modal
      opened
      // Not while the secret is shown: a slip of the finger would lose it.
      onClose={() => (made || loading ? undefined : onClose())}
      withCloseButton={!made}
      title={t('apiClients.create')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {made ? (
        <SecretOnce clientId={made.client.id} secret={made.secret ?? null} name={made.client.name} onDone={onClose} />
      ) : (
        <form onSubmit={(event) => void submit(event)} noValidate aria-label={t('apiClients.create')}>
          <Stack>
            {fault ? <FaultNotice error={fault} /> : null}
            {scopes.error ? <FaultNotice error={scopes.error} onRetry={() => void scopes.refetch()} /> : null}
            <TextInput
              id="api-client-name"
              label={t('apiClients.name')}
              description={t('apiClients.nameHint')}
              required
              data-autofocus
              autoComplete="off"
              maxLength={100}
              value={values.name}
              error={errors.name}
              onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
            />
            <ScopeFields
              scopes={known}
              choice={values.choice}
              error={errors.scopes}
              onChange={(choice) => {
                setValues({ ...values, choice });
                setErrors({ ...errors, scopes: undefined });
              }}
            />
            <Textarea
              id="api-client-patientIds"
              label={t('apiClients.patients')}
              description={t('apiClients.patientsHint')}
              autosize
              minRows={2}
              maxRows={6}
              value={values.patients}
              error={errors.patientIds}
              onChange={(event) => setValues({ ...values, patients: event.currentTarget.value })}
            />
            <NumberInput
              label={t('apiClients.requests')}
              min={1}
              max={60_000}
              allowDecimal={false}
              value={values.requestsPerMinute}
              error={errors.requestsPerMinute}
              onChange={(value) => setValues({ ...values, requestsPerMinute: Number(value) || 1 })}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={loading}>
                {t('apiClients.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
