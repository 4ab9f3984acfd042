import { useMutation, useQuery } from '@apollo/client/react';
import { useTranslation } from 'react-i18next';
import type { ApiClientPartsFragment } from '../../gql/graphql';
import { FaultNotice } from '../../ui/FaultNotice';
import { FormDialog } from '../../ui/FormDialog';
import { notifyDone } from '../../ui/notify';
import { fromClient } from './client-values';
import { ClientFields } from './ClientFields';
import { ApiScopes, ChangeApiClient } from './documents';
import type { Scope } from './scope-choice';
import { useClientForm } from './use-client-form';

interface Props {
  client: ApiClientPartsFragment;
  onClose: () => void;
  onDone: () => void;
}

/** What another system is called, may do and may use up; it counts from its next request on. */
export function ChangeClientDialog(props: Props) {
  const { data, error, refetch } = useQuery(ApiScopes);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  return data ? <ChangeForm {...props} known={data.apiScopes} /> : null; // what is ticked needs to know what there is
}

function ChangeForm({ client, onClose, onDone, known }: Props & { known: readonly Scope[] }) {
  const { t } = useTranslation();
  const form = useClientForm(fromClient(client, known), known);
  const [change, { loading }] = useMutation(ChangeApiClient);
  return (
    <FormDialog
      title={`${t('apiClients.change')}: ${client.name}`}
      confirmLabel={t('common.save')}
      busy={loading}
      fault={form.fault}
      size="lg"
      onClose={onClose}
      onSubmit={() =>
        form.send(async (input) => {
          await change({ variables: { input: { id: client.id, expectedVersion: client.version, ...input } } });
          notifyDone(t('apiClients.changed'));
          onDone();
          onClose();
        })
      }
    >
      <ClientFields form={form} scopes={known} listed={client.listedPatients ?? undefined} />
    </FormDialog>
  );
}
