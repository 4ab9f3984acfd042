import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog';
import { useIdle } from '../session/idle';
import { signOut } from '../session/session';

/** Two minutes before a workstation left alone is closed: asks, counts down, and says so aloud. */
export function IdleWarning() {
  const { t } = useTranslation();
  const { secondsLeft, stay } = useIdle(true);
  if (secondsLeft === null) return null;
  const clock = `${Math.floor(secondsLeft / 60)}:${String(secondsLeft % 60).padStart(2, '0')}`;
  // A voice that counts every second is noise: every half minute will do.
  const spoken = Math.ceil(secondsLeft / 30) * 30;
  return (
    <Dialog
      opened
      onClose={stay}
      title={t('idle.title')}
      role="alertdialog"
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      <Stack>
        <Text>
          {t('idle.text')} <strong aria-hidden>{clock}</strong>
        </Text>
        <VisuallyHidden aria-live="assertive">{t('idle.spoken', { seconds: spoken })}</VisuallyHidden>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void signOut()}>
            {t('shell.signOut')}
          </Button>
          <Button onClick={stay} data-autofocus>
            {t('idle.stay')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
