import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';

/** Asks before unsaved work is left behind. */
export function LeaveDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened onClose={onStay} title={t('form.leaveTitle')}>
      <Stack>
        <Text size="sm">{t('form.leaveQuestion')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>
            {t('form.leave')}
          </Button>
          <Button onClick={onStay} data-autofocus>
            {t('form.stay')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
