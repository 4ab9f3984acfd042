import { useMutation } from '@apollo/client/react';
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../gql/graphql';
import { faultOf, type Fault } from '../../session/fault';
import { FormDialog } from '../../ui/FormDialog';
import { InviteUser } from './documents';
import { addressOf, noAddress } from './home-address';
import { HomeAddressFields } from './HomeAddressFields';
import { OneTimeLink } from './OneTimeLink';
import { roles } from './roles';

/** A new account, without a password: the person sets it through the one-time link. */
export function InviteDialog({ onClose, onInvited }: { onClose: () => void; onInvited: () => void }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<{ name: string; email: string; role: Role | null }>({
    name: '',
    email: '',
    role: null,
  });
  const [home, setHome] = useState(noAddress);
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const [fault, setFault] = useState<Fault | null>(null);
  // no-cache: a one-time link is a secret and stays out of the cache.
  const [invite, { loading, data }] = useMutation(InviteUser, { fetchPolicy: 'no-cache' });
  const invited = data?.createUser;

  const submit = async () => {
    const found: typeof errors = {};
    if (!values.name.trim()) found.name = t('validation.required');
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(values.email.trim())) found.email = t('validation.email');
    if (!values.role) found.role = t('validation.required');
    setErrors(found);
    setFault(null);
    if (!values.role || Object.keys(found).length > 0) return;
    try {
      await invite({
        variables: {
          input: {
            name: values.name.trim(),
            email: values.email.trim(),
            role: values.role,
            address: addressOf(home),
          },
        },
      });
      onInvited();
    } catch (error) {
      const failed = faultOf(error);
      setErrors(Object.fromEntries(failed.fields.map((field) => [field.path, field.message])));
      if (failed.fields.length === 0) setFault(failed);
    }
  };

  return (
    <FormDialog
      title={t('users.invite')}
      confirmLabel={t('users.createLink')}
      busy={loading}
      fault={fault}
      size="lg"
      onClose={onClose}
      onSubmit={submit}
      done={
        invited ? (
          <OneTimeLink url={invited.setupUrl} expiresAt={invited.expiresAt} name={invited.user.name} onDone={onClose} />
        ) : null
      }
    >
      <TextInput
        label={t('users.name')}
        required
        data-autofocus
        autoComplete="off"
        value={values.name}
        error={errors.name}
        onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
      />
      <TextInput
        label={t('signIn.email')}
        type="email"
        required
        autoComplete="off"
        value={values.email}
        error={errors.email}
        onChange={(event) => setValues({ ...values, email: event.currentTarget.value })}
      />
      <Select
        label={t('users.role')}
        required
        data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        value={values.role}
        error={errors.role}
        onChange={(role) => setValues({ ...values, role: role as Role | null })}
      />
      <HomeAddressFields value={home} onChange={setHome} />
    </FormDialog>
  );
}
