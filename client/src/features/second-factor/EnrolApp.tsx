import { useMutation } from '@apollo/client/react';
import { Button, Code, CopyButton, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault } from '../../session/fault';
import { FaultNotice } from '../../ui/FaultNotice';
import { ConfirmTotp, EnrolTotp } from './documents';
import { QrCode } from './QrCode';

interface Props {
  /** With the recovery codes, once the app is set up. */
  onEnrolled: (codes: string[]) => void;
  onCancel?: () => void;
}

/** Sets up an authenticator app: the password, then the secret as QR code and text, then the first code. */
export function EnrolApp({ onEnrolled, onCancel }: Props) {
  const { t } = useTranslation();
  const [value, setValue] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  // no-cache: secrets stay out of the cache.
  const [begin, { data, loading }] = useMutation(EnrolTotp, { fetchPolicy: 'no-cache' });
  const [confirm, { loading: confirming }] = useMutation(ConfirmTotp, { fetchPolicy: 'no-cache' });
  const enrolment = data?.enrolTotp;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    if (!value.trim()) return setWrong(t('validation.required'));
    try {
      if (!enrolment) await begin({ variables: { input: { password: value } } });
      else onEnrolled((await confirm({ variables: { input: { code: value } } })).data?.confirmTotp.recoveryCodes ?? []);
    } catch (error) {
      const failed = faultOf(error);
      if (failed.fields.length > 0) setWrong(t(enrolment ? 'factor.wrongCode' : 'stepUp.wrongPassword'));
      else setFault(failed);
    }
    setValue('');
  };
  const field = {
    required: true,
    value,
    error: wrong,
    onChange: (event: { currentTarget: { value: string } }) => {
      setValue(event.currentTarget.value);
      setWrong(null);
    },
  };

  return (
    <form noValidate aria-label={t('factor.enrolApp')} onSubmit={(event) => void submit(event)}>
      <Stack>
        {fault ? <FaultNotice error={fault} /> : null}
        {enrolment ? (
          <>
            <Text size="sm">{t('factor.scan')}</Text>
            <Group justify="center">
              <QrCode text={enrolment.uri} label={t('factor.qr')} />
            </Group>
            <Text size="sm">{t('factor.typeIn')}</Text>
            <Group gap="xs" wrap="nowrap">
              <Code tabIndex={0} role="region" aria-label={t('factor.secret')} style={{ overflowWrap: 'anywhere' }}>
                {enrolment.secret.match(/.{1,4}/g)?.join(' ')}
              </Code>
              <CopyButton value={enrolment.secret}>
                {({ copied, copy }) => (
                  <Button size="compact-sm" mih={28} variant="default" style={{ flex: 'none' }} onClick={copy}>
                    {copied ? t('common.copied') : t('common.copy')}
                  </Button>
                )}
              </CopyButton>
            </Group>
            <TextInput
              key="code"
              label={t('factor.firstCode')}
              description={t('code.hint')}
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={7}
              {...field}
            />
          </>
        ) : (
          <PasswordInput
            key="password"
            label={t('signIn.password')}
            description={t('factor.passwordHint')}
            autoFocus
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0 }}
            {...field}
          />
        )}
        <Group justify="flex-end">
          {onCancel ? (
            <Button variant="default" onClick={onCancel}>
              {t('common.cancel')}
            </Button>
          ) : null}
          <Button type="submit" loading={loading || confirming}>
            {enrolment ? t('factor.turnOn') : t('factor.next')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
