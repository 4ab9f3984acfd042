import { Alert, Button, Input, PinInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault, type FactorKind } from '../../session/fault';
import { passkeysWork } from '../../session/passkeys';
import { verifyTotp } from '../../session/session';
import { FaultNotice } from '../../ui/FaultNotice';
import { wrapping } from '../../ui/wrapping';
import { PasskeyButton } from './PasskeyButton';

const DIGITS = 6;

interface Props {
  ticket: string;
  factors: FactorKind[];
  /** Back to e-mail and password. */
  onBack: () => void;
  onDone?: () => void;
}

/** After the password: a code of the authenticator app, a passkey, or a recovery code. */
export function SecondStep({ ticket, factors, onBack, onDone }: Props) {
  const { t } = useTranslation();
  const hasApp = factors.includes('TOTP');
  const [recovery, setRecovery] = useState(!hasApp && !passkeysWork());
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${t('code.title')} · Chartseal`;
    if (!hasApp) heading.current?.focus();
  }, [t, hasApp]);

  const give = async (value: string) => {
    if (busy || !value.trim()) return;
    setBusy(true);
    setFault(null);
    try {
      await verifyTotp({ ticket, ...(recovery ? { recoveryCode: value } : { code: value }) });
      onDone?.();
    } catch (error) {
      setFault(faultOf(error));
      setCode('');
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void give(code);
  };
  const wrong = fault?.code === 'UNAUTHENTICATED' || fault?.code === 'BAD_USER_INPUT';

  return (
    <form onSubmit={submit} noValidate aria-label={t('code.title')}>
      <Stack>
        <Title order={1} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {t('code.title')}
        </Title>
        {wrong ? (
          <Alert color="orange" role="alert">
            <Text size="sm">{t('code.wrong')}</Text>
          </Alert>
        ) : null}
        {fault && !wrong ? <FaultNotice error={fault} /> : null}
        {factors.includes('PASSKEY') && passkeysWork() ? <PasskeyButton filled={!hasApp} onDone={onDone} /> : null}
        {recovery ? (
          <TextInput
            label={t('code.recovery')}
            description={t('code.recoveryHint')}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        ) : hasApp ? (
          <Input.Wrapper label={t('code.label')} description={t('code.hint')} labelElement="div">
            <PinInput
              mt={6}
              length={DIGITS}
              type="number"
              oneTimeCode
              // The smallest size sets how narrow the boxes may get; they grow with the room there is.
              size="xs"
              gap={6}
              styles={{
                root: { flexWrap: 'nowrap' },
                pinInput: { flex: '1 1 0', minWidth: 0, height: 42 },
                input: { width: '100%', height: 42, paddingInline: 0, fontSize: 18 },
              }}
              autoFocus
              aria-label={t('code.label')}
              getInputProps={(index) => ({ 'aria-label': t('code.digit', { number: index + 1, of: DIGITS }) })}
              value={code}
              disabled={busy}
              onChange={setCode}
              onComplete={(value) => void give(value)}
            />
          </Input.Wrapper>
        ) : null}
        {recovery || hasApp ? (
          <Button type="submit" loading={busy} fullWidth>
            {t('signIn.submit')}
          </Button>
        ) : null}
        <Stack gap={4}>
          <Button
            variant="subtle"
            {...wrapping}
            onClick={() => {
              setRecovery(!recovery);
              setCode('');
              setFault(null);
            }}
          >
            {recovery && (hasApp || passkeysWork()) ? t('code.useApp') : t('code.useRecovery')}
          </Button>
          <Button variant="subtle" {...wrapping} onClick={onBack}>
            {t('code.back')}
          </Button>
        </Stack>
        <Text size="xs" c="dimmed">
          {t('code.help')}
        </Text>
      </Stack>
    </form>
  );
}
