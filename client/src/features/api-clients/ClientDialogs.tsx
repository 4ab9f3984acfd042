import { useMutation } from '@apollo/client/react';
import { useTranslation } from 'react-i18next';
import type { ApiClientPartsFragment } from '../../gql/graphql';
import { TaskDialog } from '../../ui/TaskDialog';
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
  const asked = { name: client.name, onClose, onDone };
  if (task.kind === 'rotate') {
    return (
      <TaskDialog
        {...asked}
        label={t('apiClients.rotate')}
        text={t('apiClients.rotateText')}
        act={() => rotate({ variables: { input: { id: client.id } } })}
        result={
          rotated ? (
            <SecretOnce clientId={client.id} secret={rotated.secret ?? null} name={client.name} onDone={onClose} />
          ) : null
        }
      />
    );
  }
  const one = task.kind === 'revokeOne' ? task.credential : null;
  return (
    <TaskDialog
      {...asked}
      label={t(one ? 'apiClients.revokeOne' : 'apiClients.revoke')}
      text={t(one ? 'apiClients.revokeOneText' : 'apiClients.revokeText')}
      done={t('apiClients.revokedNow')}
      act={() => revoke({ variables: { input: one ? { id: client.id, credentialId: one.id } : { id: client.id } } })}
    />
  );
}
