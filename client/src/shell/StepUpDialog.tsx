import { useMutation } from '@apollo/client/react';
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../gql';
import { faultOf, type Fault } from '../session/fault';
import { answerStepUp, useStepUpAsked } from '../session/step-up';
import { FaultNotice } from '../ui/FaultNotice';

const StepUp = graphql(`
  mutation StepUp($input: StepUpInput!) {
    stepUp(input: $input)
  }
`);

/** Before something grave: is it still the person who signed in? The server wants to know; what asked goes on by itself. */
export function StepUpDialog() {
  return useStepUpAsked() ? <AskPassword /> : null;
}

function AskPassword() {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [prove, { loading }] = useMutation(StepUp, { fetchPolicy: 'no-cache' });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    if (!password) return setWrong(t('validation.required'));
    try {
      await prove({ variables: { input: { password } } });
      answerStepUp(true);
    } catch (error) {
      const failed = faultOf(error);
      const [field] = failed.fields;
      setPassword('');
      if (field) setWrong(field.message);
      else setFault(failed);
    }
  };

  return (
    <Modal
      opened
      onClose={() => answerStepUp(false)}
      title={t('stepUp.title')}
      // Above the dialog that asked.
      zIndex={300}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form noValidate aria-label={t('stepUp.title')} onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text size="sm">{t('stepUp.text')}</Text>
          {fault ? <FaultNotice error={fault} /> : null}
          <PasswordInput
            label={t('signIn.password')}
            required
            data-autofocus
            autoComplete="current-password"
            value={password}
            error={wrong}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0 }}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
              setWrong(null);
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => answerStepUp(false)}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={loading}>
              {t('stepUp.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
