import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog';
import { graphql } from '../gql';
import type { StepUpInput } from '../gql/graphql';
import { faultOf, type Fault } from '../session/fault';
import { answerPasskey, calledOff, passkeysWork } from '../session/passkeys';
import { answerStepUp, useStepUpAsked } from '../session/step-up';
import { FaultNotice } from '../ui/FaultNotice';
import { RowsSkeleton } from '../ui/PageSkeleton';

const StepUp = graphql(`
  mutation StepUp($input: StepUpInput!) {
    stepUp(input: $input)
  }
`);

const PasskeyProof = graphql(`
  mutation PasskeyProof {
    passkeyProof
  }
`);

const MyProofs = graphql(`
  query MyProofs {
    me {
      id
      secondFactor {
        totp
        passkeys {
          id
        }
      }
    }
  }
`);

/** Before something grave: is it still the person who signed in? The server wants to know; what asked goes on by itself. */
export function StepUpDialog() {
  return useStepUpAsked() ? <AskProof /> : null;
}

function AskProof() {
  const { t } = useTranslation();
  const { data, error } = useQuery(MyProofs, { fetchPolicy: 'no-cache' });
  const factor = data?.me?.secondFactor;
  const has = !!factor && (factor.totp || factor.passkeys.length > 0);
  return (
    <Dialog
      opened
      onClose={() => answerStepUp(false)}
      title={t(has ? 'stepUp.factorTitle' : 'stepUp.title')}
      // Above the dialog that asked.
      zIndex={300}
    >
      <Stack>
        <Text size="sm">{t('stepUp.text')}</Text>
        {error ? <FaultNotice error={error} /> : null}
        {!factor && !error ? <RowsSkeleton rows={1} /> : null}
        {factor ? <Proof totp={factor.totp} passkey={factor.passkeys.length > 0} /> : null}
      </Stack>
    </Dialog>
  );
}

type Kind = 'password' | 'code' | 'recoveryCode';

function Proof({ totp, passkey }: { totp: boolean; passkey: boolean }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind | null>(totp ? 'code' : passkey ? null : 'password');
  const [value, setValue] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const [prove] = useMutation(StepUp, { fetchPolicy: 'no-cache' });
  const [begin] = useMutation(PasskeyProof, { fetchPolicy: 'no-cache' });

  const give = async (proof: () => Promise<StepUpInput>) => {
    setFault(null);
    setWrong(null);
    setBusy(true);
    try {
      await prove({ variables: { input: await proof() } });
      answerStepUp(true);
    } catch (error) {
      const failed = faultOf(error);
      setValue('');
      if (calledOff(error)) setWrong(t('passkey.calledOff'));
      else if (failed.code === 'BAD_USER_INPUT')
        setWrong(t(kind === 'password' ? 'stepUp.wrongPassword' : 'stepUp.wrong'));
      else setFault(failed);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!kind || !value.trim()) return setWrong(t('validation.required'));
    void give(() => Promise.resolve({ [kind]: value }));
  };
  const byPasskey = () =>
    give(async () => ({ passkey: await answerPasskey((await begin()).data?.passkeyProof ?? '{}') }));
  const field = {
    required: true,
    autoFocus: true,
    value,
    error: wrong,
    onChange: (event: { currentTarget: { value: string } }) => {
      setValue(event.currentTarget.value);
      setWrong(null);
    },
  };

  return (
    <form noValidate aria-label={t('stepUp.title')} onSubmit={submit}>
      <Stack>
        {fault ? <FaultNotice error={fault} /> : null}
        {passkey && passkeysWork() ? (
          <Button
            variant={kind === null ? 'filled' : 'default'}
            loading={busy}
            autoFocus={kind === null}
            leftSection={<IconFingerprint size={18} aria-hidden />}
            onClick={() => void byPasskey()}
          >
            {t('passkey.use')}
          </Button>
        ) : null}
        {kind === null && wrong ? (
          <Alert color="orange" role="alert">
            {wrong}
          </Alert>
        ) : null}
        {kind === 'password' ? (
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0 }}
            {...field}
          />
        ) : null}
        {kind === 'code' ? (
          <TextInput
            label={t('code.label')}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={7}
            {...field}
          />
        ) : null}
        {kind === 'recoveryCode' ? <TextInput label={t('code.recovery')} autoComplete="off" {...field} /> : null}
        <Group justify="flex-end">
          {kind !== 'password' && kind !== 'recoveryCode' ? (
            <Button variant="subtle" mr="auto" px={0} onClick={() => setKind('recoveryCode')}>
              {t('code.useRecovery')}
            </Button>
          ) : null}
          <Button variant="default" onClick={() => answerStepUp(false)}>
            {t('common.cancel')}
          </Button>
          {kind ? (
            <Button type="submit" loading={busy}>
              {t('stepUp.confirm')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}
