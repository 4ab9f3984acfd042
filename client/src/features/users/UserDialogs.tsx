import { useMutation } from '@apollo/client/react';
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { UserPartsFragment } from '../../gql/graphql';
import { notifyDone } from '../../ui/notify';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { ChangeUserDialog } from './ChangeUserDialog';
import { DeactivateUser, ResetPassword, ResetSecondFactor } from './documents';
import { OneTimeLink } from './OneTimeLink';

export interface UserTask {
  kind: 'change' | 'reset' | 'resetFactor' | 'deactivate';
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
  const [reset, { data }] = useMutation(ResetPassword, { fetchPolicy: 'no-cache' });
  const [resetFactor] = useMutation(ResetSecondFactor);
  const link = data?.resetPassword;

  if (kind === 'change') return <ChangeUserDialog user={user} onClose={onClose} onDone={onDone} />;
  if (kind === 'reset' && link) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={t('users.reset')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <OneTimeLink url={link.setupUrl} expiresAt={link.expiresAt} name={user.name} onDone={onClose} />
      </Modal>
    );
  }
  if (kind === 'reset') {
    return (
      <ReasonDialog
        opened
        askReason={false}
        // The dialog closes itself after success; the link must then still be shown.
        onClose={() => undefined}
        onCancel={onClose}
        title={`${t('users.reset')}: ${user.name}`}
        text={t('users.resetText')}
        confirmLabel={t('users.createLink')}
        onConfirm={async () => {
          await reset({ variables: { input: { id: user.id } } });
          onDone();
        }}
      />
    );
  }
  if (kind === 'resetFactor') {
    return (
      <ReasonDialog
        opened
        askReason={false}
        onClose={onClose}
        title={`${t('users.resetFactor')}: ${user.name}`}
        text={t('users.resetFactorText')}
        confirmLabel={t('users.resetFactor')}
        onConfirm={async () => {
          await resetFactor({ variables: { input: { id: user.id } } });
          notifyDone(t('users.factorReset'));
          onDone();
        }}
      />
    );
  }
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`${t('users.deactivate')}: ${user.name}`}
      text={t('users.deactivateText')}
      confirmLabel={t('users.deactivate')}
      onConfirm={async (reason) => {
        await deactivate({ variables: { input: { id: user.id, expectedVersion: user.version, reason } } });
        notifyDone(t('users.deactivated'));
        onDone();
      }}
    />
  );
}
