import { useMutation, useQuery } from '@apollo/client/react';
import { Select, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role, UserPartsFragment } from '../../gql/graphql';
import { FormDialog } from '../../ui/FormDialog';
import { notifyDone } from '../../ui/notify';
import { ChangeUser, HomeAddressOf } from './documents';
import { addressOf, fieldsOf, type HomeAddress } from './home-address';
import { HomeAddressFields } from './HomeAddressFields';
import { roles } from './roles';

interface Props {
  user: UserPartsFragment;
  onClose: () => void;
  onDone: () => void;
}

/** Name, role and home address; a change of role wants a reason, which the log keeps. */
export function ChangeUserDialog({ user, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(user.name);
  const [role, setRole] = useState<Role>(user.role);
  const [reason, setReason] = useState('');
  const [home, setHome] = useState<HomeAddress | null>(null);
  const stored = useQuery(HomeAddressOf, { variables: { id: user.id }, fetchPolicy: 'no-cache' });
  const known = stored.data?.node;
  const [asked, setAsked] = useState(false);
  const [change, { loading, error }] = useMutation(ChangeUser);
  const newRole = role !== user.role;
  const needsReason = newRole && reason.trim().length < 3;

  const submit = async () => {
    setAsked(true);
    if (!name.trim() || needsReason) return;
    const input = {
      id: user.id,
      expectedVersion: user.version,
      ...(name.trim() === user.name ? {} : { name: name.trim() }),
      ...(home ? { address: addressOf(home) } : {}),
      ...(newRole ? { role, reason: reason.trim() } : {}),
    };
    await change({ variables: { input } });
    notifyDone(t('users.changed'));
    onDone();
    onClose();
  };

  return (
    <FormDialog
      title={`${t('users.change')}: ${user.name}`}
      confirmLabel={t('common.save')}
      busy={loading}
      fault={error}
      onClose={onClose}
      // A refusal shows in the dialog.
      onSubmit={() => submit().catch(() => undefined)}
    >
      <TextInput
        label={t('users.name')}
        required
        value={name}
        error={asked && !name.trim() ? t('validation.required') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t('users.role')}
        data={roles.map((one) => ({ value: one, label: t(`role.${one}`) }))}
        allowDeselect={false}
        value={role}
        onChange={(value) => setRole((value ?? user.role) as Role)}
      />
      {newRole ? (
        <Textarea
          label={t('form.reason')}
          description={t('form.reasonHint')}
          required
          autosize
          minRows={2}
          value={reason}
          error={asked && needsReason ? t('validation.reason') : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      ) : null}
      <HomeAddressFields
        value={home ?? fieldsOf(known?.__typename === 'User' ? known.address : null)}
        disabled={!known}
        onChange={setHome}
      />
    </FormDialog>
  );
}
