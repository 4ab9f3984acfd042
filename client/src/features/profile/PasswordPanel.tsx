import { useMutation } from '@apollo/client/react';
import { Button, PasswordInput, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault } from '../../session/fault';
import { FaultNotice } from '../../ui/FaultNotice';
import { notifyDone } from '../../ui/notify';
import { Panel } from '../../ui/Panel';
import { minimumPasswordLength } from '../signin/password';
import { ChangePassword } from './documents';

const empty = { currentPassword: '', newPassword: '', again: '' };
type Field = keyof typeof empty;

export function PasswordPanel() {
  const { t } = useTranslation();
  const [values, setValues] = useState(empty);
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const [fault, setFault] = useState<Fault | null>(null);
  const [change, { loading }] = useMutation(ChangePassword);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: typeof errors = {};
    if (!values.currentPassword) found.currentPassword = t('validation.required');
    if (values.newPassword.length < minimumPasswordLength) found.newPassword = t('validation.passwordShort');
    if (values.again !== values.newPassword) found.again = t('validation.passwordDiffers');
    setErrors(found);
    setFault(null);
    if (Object.keys(found).length > 0) return;
    const { currentPassword, newPassword } = values;
    try {
      await change({ variables: { input: { currentPassword, newPassword } } });
      setValues(empty);
      notifyDone(t('profile.passwordChanged'));
    } catch (error) {
      const failed = faultOf(error);
      setErrors(Object.fromEntries(failed.fields.map((field) => [field.path, field.message])));
      if (failed.fields.length === 0) setFault(failed);
    }
  };

  const field = (name: Field, autoComplete: string) => ({
    value: values[name],
    error: errors[name],
    autoComplete,
    required: true,
    visibilityToggleButtonProps: { 'aria-label': t('signIn.showPassword'), tabIndex: 0 },
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });

  return (
    <Panel title={t('profile.password')}>
      <form onSubmit={(event) => void submit(event)} noValidate aria-label={t('profile.password')}>
        <Stack gap="sm">
          {fault ? <FaultNotice error={fault} /> : null}
          <PasswordInput label={t('profile.currentPassword')} {...field('currentPassword', 'current-password')} />
          <PasswordInput
            label={t('profile.newPassword')}
            description={t('invite.passwordHint')}
            {...field('newPassword', 'new-password')}
          />
          <PasswordInput label={t('invite.again')} {...field('again', 'new-password')} />
          <div>
            <Button type="submit" variant="default" loading={loading}>
              {t('profile.changePassword')}
            </Button>
          </div>
        </Stack>
      </form>
    </Panel>
  );
}
