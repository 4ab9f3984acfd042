import { useMutation } from '@apollo/client/react';
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiClientPartsFragment } from '../../gql/graphql';
import { notifyDone } from '../../ui/notify';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { ChangeClientDialog } from './ChangeClientDialog';
import { RevokeApiClient, RotateApiClientSecret } from './documents';
import { SecretOnce } from './SecretOnce';

export type ClientTask =
  | { kind: 'change' | 'rotate' | 'revoke'; client: ApiClientPartsFragment }
  | { kind: 'revokeOne'; client: ApiClientPartsFragment; credential: ApiClientPartsFragment['credentials'][number] };

interface Props {
  task: ClientTask;
  onClose: () => void;
  onDone: () => void;
}

/** The dialog for what an administrator is about to do with an API client. */
export function ClientDialogs({ task, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { client } = task;
  const [rotate, { data }] = useMutation(RotateApiClientSecret, { fetchPolicy: 'no-cache' });
  const [revoke] = useMutation(RevokeApiClient);
  const rotated = data?.rotateApiClientSecret;

  if (task.kind === 'change') return <ChangeClientDialog client={client} onClose={onClose} onDone={onDone} />;
  if (task.kind === 'rotate' && rotated) {
    return (
      <Modal opened onClose={() => undefined} withCloseButton={false} title={t('apiClients.rotate')} size="lg">
        <SecretOnce clientId={client.id} secret={rotated.secret ?? null} name={client.name} onDone={onClose} />
      </Modal>
    );
  }
  if (task.kind === 'rotate') {
    return (
      <ReasonDialog
        opened
        askReason={false}
        // The dialog closes itself after success; the secret must then still be shown.
        onClose={() => undefined}
        onCancel={onClose}
        title={`${t('apiClients.rotate')}: ${client.name}`}
        text={t('apiClients.rotateText')}
        confirmLabel={t('apiClients.rotate')}
        onConfirm={async () => {
          await rotate({ variables: { input: { id: client.id } } });
          onDone();
        }}
      />
    );
  }
  const one = task.kind === 'revokeOne' ? task.credential : null;
  const label = t(one ? 'apiClients.revokeOne' : 'apiClients.revoke');
  return (
    <ReasonDialog
      opened
      askReason={false}
      onClose={onClose}
      title={`${label}: ${client.name}`}
      text={t(one ? 'apiClients.revokeOneText' : 'apiClients.revokeText')}
      confirmLabel={label}
      onConfirm={async () => {
        await revoke({ variables: { input: one ? { id: client.id, credentialId: one.id } : { id: client.id } } });
        notifyDone(t('apiClients.revokedNow'));
        onDone();
      }}
    />
  );
}
