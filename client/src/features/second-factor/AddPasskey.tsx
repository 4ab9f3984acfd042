import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault } from '../../session/fault';
import { calledOff, passkeysWork } from '../../session/passkeys';
import { FaultNotice } from '../../ui/FaultNotice';
import { deviceName } from '../profile/device-name';
import { useAddPasskey } from './use-add-passkey';

interface Props {
  /** With recovery codes, when the account had none. */
  onAdded: (codes: readonly string[] | null) => void;
  onCancel?: () => void;
}

/** Adds a passkey of this device, or of a key that is plugged in. */
export function AddPasskey({ onAdded, onCancel }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(() => deviceName(navigator.userAgent) ?? '');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const add = useAddPasskey();
  const works = passkeysWork();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    setBusy(true);
    setSaid(null);
    setFault(null);
    try {
      onAdded(await add(name.trim()));
    } catch (error) {
      if (calledOff(error)) setSaid(t('passkey.calledOff'));
      else setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };

  if (!works) return <Alert color="gray">{t('passkey.notHere')}</Alert>;
  return (
    <form noValidate aria-label={t('passkey.add')} onSubmit={(event) => void submit(event)}>
      <Stack>
        <Text size="sm">{t('passkey.addText')}</Text>
        {fault ? <FaultNotice error={fault} /> : null}
        {said ? (
          <Alert color="orange" role="alert">
            {said}
          </Alert>
        ) : null}
        <TextInput
          label={t('passkey.name')}
          required
          maxLength={60}
          value={name}
          error={name.trim() ? undefined : t('validation.required')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          {onCancel ? (
            <Button variant="default" onClick={onCancel}>
              {t('common.cancel')}
            </Button>
          ) : null}
          <Button type="submit" loading={busy} leftSection={<IconFingerprint size={18} aria-hidden />}>
            {t('passkey.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
