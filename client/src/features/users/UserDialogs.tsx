import { useMutation } from '@apollo/client/react';
import { useTranslation } from 'react-i18next';
import type { UserPartsFragment } from '../../gql/graphql';
import { TaskDialog } from '../../ui/TaskDialog';
import { ChangeUserDialog } from './ChangeUserDialog';
import { DeactivateUser, ReactivateUser, RemovePassword, ResetPassword, ResetSecondFactor } from './documents';
import { OneTimeLink } from './OneTimeLink';

export interface UserTask {
  kind: 'change' | 'reset' | 'resetFactor' | 'removePassword' | 'deactivate' | 'reactivate';
  user: UserPartsFragment;
}

interface Props {
  task: UserTask;
  onClose: () => void;
  onDone: () => void;
}

/** The dialog for what an administrator is about to do with an account. */
export function UserDialogs({ task, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { user, kind } = task;
  const [deactivate] = useMutation(DeactivateUser);
  const [reactivate] = useMutation(ReactivateUser);
  const [reset, { data }] = useMutation(ResetPassword, { fetchPolicy: 'no-cache' });
  const [resetFactor] = useMutation(ResetSecondFactor);
  const [removePassword] = useMutation(RemovePassword);
  const link = data?.resetPassword;

  if (kind === 'change') return <ChangeUserDialog user={user} onClose={onClose} onDone={onDone} />;
  const asked = { name: user.name, onClose, onDone };
  const versioned = { id: user.id, expectedVersion: user.version };
  switch (kind) {
    case 'reset':
      return (
        <TaskDialog
          {...asked}
          label={t('users.reset')}
          text={t('users.resetText')}
          confirmLabel={t('users.createLink')}
          act={() => reset({ variables: { input: { id: user.id } } })}
          result={
            link ? (
              <OneTimeLink url={link.setupUrl} expiresAt={link.expiresAt} name={user.name} onDone={onClose} />
            ) : null
          }
        />
      );
    case 'resetFactor':
      return (
        <TaskDialog
          {...asked}
          label={t('users.resetFactor')}
          text={t('users.resetFactorText')}
          done={t('users.factorReset')}
          act={() => resetFactor({ variables: { input: { id: user.id } } })}
        />
      );
    case 'removePassword':
      return (
        <TaskDialog
          {...asked}
          label={t('users.removePassword')}
          text={t('users.removePasswordText')}
          done={t('users.passwordRemoved')}
          act={() => removePassword({ variables: { input: versioned } })}
        />
      );
    case 'deactivate':
      return (
        <TaskDialog
          {...asked}
          askReason
          label={t('users.deactivate')}
          text={t('users.deactivateText')}
          done={t('users.deactivated')}
          act={(reason) => deactivate({ variables: { input: { ...versioned, reason } } })}
        />
      );
    case 'reactivate':
      return (
        <TaskDialog
          {...asked}
          askReason
          label={t('users.reactivate')}
          text={t('users.reactivateText')}
          done={t('users.reactivated')}
          act={(reason) => reactivate({ variables: { input: { ...versioned, reason } } })}
        />
      );
  }
}
