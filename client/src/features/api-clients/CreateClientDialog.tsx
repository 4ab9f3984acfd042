import { useMutation, useQuery } from '@apollo/client/react';
import { useTranslation } from 'react-i18next';
import { FaultNotice } from '../../ui/FaultNotice';
import { FormDialog } from '../../ui/FormDialog';
import { newClient } from './client-values';
import { ClientFields } from './ClientFields';
import { ApiScopes, CreateApiClient } from './documents';
import { SecretOnce } from './SecretOnce';
import { useClientForm } from './use-client-form';

/** Registers another system and shows its secret, this once. */
export function CreateClientDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const { t } = useTranslation();
  const scopes = useQuery(ApiScopes);
  const known = scopes.data?.apiScopes ?? [];
  const form = useClientForm(newClient, known);
  // no-cache: a secret stays out of the cache.
  const [create, { loading, data }] = useMutation(CreateApiClient, { fetchPolicy: 'no-cache' });
  const made = data?.createApiClient;
  return (
    <FormDialog
      title={t('apiClients.create')}
      confirmLabel={t('apiClients.create')}
      busy={loading}
      fault={form.fault}
      size="lg"
      onClose={onClose}
      onSubmit={() =>
        form.send(async (input) => {
          await create({ variables: { input } });
          onCreated();
        })
      }
      done={
        made ? (
          <SecretOnce clientId={made.client.id} secret={made.secret ?? null} name={made.client.name} onDone={onClose} />
        ) : null
      }
    >
      {scopes.error ? <FaultNotice error={scopes.error} onRetry={() => void scopes.refetch()} /> : null}
      <ClientFields form={form} scopes={known} />
    </FormDialog>
  );
}
