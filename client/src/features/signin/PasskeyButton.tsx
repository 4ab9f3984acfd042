import { Alert, Button, Stack } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault } from '../../session/fault';
import { calledOff } from '../../session/passkeys';
import { signInWithPasskey } from '../../session/session';
import { FaultNotice } from '../../ui/FaultNotice';

/** Signs in by a passkey; the browser asks which one and who sits there. */
export function PasskeyButton({ filled = false, onDone }: { filled?: boolean; onDone?: () => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);

  const use = async () => {
    setBusy(true);
    setSaid(null);
    setFault(null);
    try {
      await signInWithPasskey();
      onDone?.();
    } catch (error) {
      const failed = faultOf(error);
      if (calledOff(error)) setSaid(t('passkey.calledOff'));
      else if (failed.code === 'UNAUTHENTICATED') setSaid(t('passkey.refused'));
      else setFault(failed);
      setBusy(false);
    }
  };

  return (
    <Stack gap="xs">
      <Button
        fullWidth
        variant={filled ? 'filled' : 'default'}
        loading={busy}
        leftSection={<IconFingerprint size={18} aria-hidden />}
        onClick={() => void use()}
      >
        {t('passkey.signIn')}
      </Button>
      {said ? (
        <Alert color="orange" role="alert">
          {said}
        </Alert>
      ) : null}
      {fault ? <FaultNotice error={fault} /> : null}
    </Stack>
  );
}
