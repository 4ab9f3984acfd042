import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault } from '../../session/fault';
import { acceptInvite } from '../../session/session';
import { FaultNotice } from '../../ui/FaultNotice';
import { EntranceFrame } from './EntranceFrame';
import { minimumPasswordLength } from './password';
import { SecondStep } from './SecondStep';

/** The token stands behind the #, which browsers never send to a server, and leaves the address bar at once. */
function takeToken(): string {
  const token = window.location.hash.slice(1);
  if (token) window.history.replaceState(null, '', window.location.pathname);
  return token;
}

let token = '';

/** Sets the password of a new account, or a new one after a reset. The first administrator also gives name and e-mail. */
export function InvitePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [values, setValues] = useState({ email: '', name: '', password: '', again: '' });
  const [errors, setErrors] = useState<Partial<Record<'password' | 'again' | 'email' | 'name' | 'token', string>>>({});
  const [askWho, setAskWho] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const [second, setSecond] = useState<Fault | null>(null);
  const [ready] = useState(() => {
    token = takeToken() || token;
    return token !== '';
  });
  useEffect(() => {
    document.title = `${t('invite.title')} · Chartseal`;
  }, [t]);

  const set = (name: keyof typeof values) => (event: { currentTarget: { value: string } }) =>
    setValues({ ...values, [name]: event.currentTarget.value });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: typeof errors = {};
    if (values.password.length < minimumPasswordLength) found.password = t('validation.passwordShort');
    if (values.again !== values.password) found.again = t('validation.passwordDiffers');
    if (askWho && !values.email.includes('@')) found.email = t('validation.email');
    if (askWho && !values.name.trim()) found.name = t('validation.required');
    setErrors(found);
    setFault(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const who = askWho ? { email: values.email.trim(), name: values.name.trim() } : {};
      await acceptInvite({ token, password: values.password, ...who });
      token = '';
      await navigate({ to: '/' });
    } catch (error) {
      refuse(faultOf(error));
    } finally {
      setBusy(false);
    }
  };

  const refuse = (failed: Fault) => {
    if (failed.ticket) return setSecond(failed);
    const wantsWho = failed.fields.some((field) => field.path === 'email' || field.path === 'name');
    if (wantsWho && !askWho) return setAskWho(true);
    setErrors(Object.fromEntries(failed.fields.map((field) => [field.path, field.message])));
    if (failed.fields.length === 0 || failed.fields.some((field) => field.path === 'token')) setFault(failed);
  };

  if (second?.ticket) {
    const leave = () => void navigate({ to: '/' });
    return (
      <EntranceFrame>
        <SecondStep ticket={second.ticket} factors={second.factors} onBack={leave} onDone={leave} />
      </EntranceFrame>
    );
  }
  if (!ready) {
    return (
      <EntranceFrame>
        <Stack>
          <Title order={1}>{t('invite.title')}</Title>
          <Alert color="orange">{t('invite.noToken')}</Alert>
        </Stack>
      </EntranceFrame>
    );
  }
  return (
    <EntranceFrame>
      <form onSubmit={(event) => void submit(event)} noValidate aria-label={t('invite.title')}>
        <Stack>
          <Title order={1}>{t('invite.title')}</Title>
          <Text size="sm">{t('invite.text')}</Text>
          {fault && fault.fields.length > 0 ? (
            <Alert color="orange" role="alert">
              {t('invite.usedUp')}
            </Alert>
          ) : null}
          {fault && fault.fields.length === 0 ? <FaultNotice error={fault} /> : null}
          {askWho ? (
            <>
              <Alert color="blue">{t('invite.firstAdmin')}</Alert>
              <TextInput
                label={t('invite.name')}
                required
                autoComplete="name"
                value={values.name}
                onChange={set('name')}
                error={errors.name}
              />
              <TextInput
                label={t('signIn.email')}
                type="email"
                required
                autoComplete="username"
                value={values.email}
                onChange={set('email')}
                error={errors.email}
              />
            </>
          ) : null}
          <PasswordInput
            label={t('invite.password')}
            description={t('invite.passwordHint')}
            autoComplete="new-password"
            required
            value={values.password}
            onChange={set('password')}
            error={errors.password}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0 }}
          />
          <PasswordInput
            label={t('invite.again')}
            autoComplete="new-password"
            required
            value={values.again}
            onChange={set('again')}
            error={errors.again}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0 }}
          />
          <Button type="submit" loading={busy} fullWidth>
            {t('invite.submit')}
          </Button>
        </Stack>
      </form>
    </EntranceFrame>
  );
}
