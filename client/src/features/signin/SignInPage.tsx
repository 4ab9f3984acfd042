import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn, type EndReason } from '../../session/session';
import { FaultNotice } from '../../ui/FaultNotice';
import { faultOf, type Fault } from '../../session/fault';
import { passkeysWork } from '../../session/passkeys';
import { EntranceFrame } from './EntranceFrame';
import { PasskeyButton } from './PasskeyButton';
import { takeReturned } from './provider';
import { ProviderButton } from './ProviderButton';
import { SecondStep } from './SecondStep';

/** One generic answer to every wrong pair: it never says which half was wrong. */
export function SignInPage({ reason }: { reason?: EndReason }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const alert = useRef<HTMLDivElement>(null);
  const missing = !email.trim() || !password;
  const [asked, setAsked] = useState(false);
  const [returned] = useState(takeReturned);
  const [second, setSecond] = useState<Fault | null>(returned.second);

  useEffect(() => {
    document.title = `${t('signIn.title')} · Chartseal`;
  }, [t]);
  useEffect(() => {
    if (fault) alert.current?.focus();
  }, [fault]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (missing) return;
    setBusy(true);
    setFault(null);
    try {
      await signIn({ email: email.trim(), password });
    } catch (error) {
      const failed = faultOf(error);
      if (failed.ticket) setSecond(failed);
      else setFault(failed);
      setPassword('');
      setAsked(false);
      setBusy(false);
    }
  };

  if (second?.ticket) {
    return (
      <EntranceFrame>
        <SecondStep ticket={second.ticket} factors={second.factors} onBack={() => setSecond(null)} />
      </EntranceFrame>
    );
  }
  const wrongPair = fault && ['UNAUTHENTICATED', 'BAD_USER_INPUT', 'FORBIDDEN'].includes(fault.code);
  return (
    <EntranceFrame>
      <form onSubmit={(event) => void submit(event)} noValidate aria-label={t('signIn.title')}>
        <Stack>
          <Title order={1}>{t('signIn.title')}</Title>
          {reason && reason !== 'chosen' && !fault ? (
            <Alert color="blue" role="status">
              {t(`signIn.reason.${reason}`)}
            </Alert>
          ) : null}
          <div ref={alert} tabIndex={-1}>
            {wrongPair ? (
              <Alert color="orange" role="alert">
                <Text size="sm">{t('signIn.failed')}</Text>
              </Alert>
            ) : fault ? (
              <FaultNotice error={fault} />
            ) : returned.said ? (
              <Alert color="orange" role="alert">
                <Text size="sm">{t(`signIn.provider_${returned.said}`)}</Text>
              </Alert>
            ) : null}
          </div>
          <ProviderButton />
          <TextInput
            label={t('signIn.email')}
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={email}
            error={asked && !email.trim() ? t('validation.required') : undefined}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            error={asked && !password ? t('validation.required') : undefined}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0 }}
          />
          <Button type="submit" loading={busy} fullWidth>
            {t('signIn.submit')}
          </Button>
          {passkeysWork() ? (
            <>
              <Divider label={t('common.or')} />
              <PasskeyButton />
            </>
          ) : null}
          <Text size="xs" c="dimmed">
            {t('signIn.help')}
          </Text>
        </Stack>
      </form>
    </EntranceFrame>
  );
}
