import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultNotice } from './FaultNotice';

interface Props {
  title: string;
  text: ReactNode;
  confirmLabel: string;
  opened: boolean;
  /** Called after success, and on cancelling unless `onCancel` is given. */
  onClose: () => void;
  onCancel?: () => void;
  /** May throw: the dialog stays open and says why. */
  onConfirm: (reason: string) => Promise<void>;
  askReason?: boolean;
  /** What is asked for, when it is not a reason. */
  reasonLabel?: string;
}

/** Asks before something weighty is done, and for the reason the log will keep. */
export function ReasonDialog({
  title,
  text,
  confirmLabel,
  opened,
  onClose,
  onCancel = onClose,
  onConfirm,
  askReason = true,
  reasonLabel,
}: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const confirm = async () => {
    if (askReason && reason.trim().length < 3) return setMissing(true);
    setBusy(true);
    setError(null);
    try {
      await onConfirm(reason.trim());
      setReason('');
      onClose();
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened={opened}
      // Not while it is being done: the question for the password may lie above, and Escape is meant for that.
      onClose={() => (busy ? undefined : onCancel())}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <Stack>
          <Text size="sm" component="div">
            {text}
          </Text>
          {askReason ? (
            <Textarea
              label={reasonLabel ?? t('form.reason')}
              description={t('form.reasonHint')}
              data-autofocus
              required
              autosize
              minRows={2}
              maxLength={200}
              value={reason}
              error={missing ? t('validation.reason') : undefined}
              onChange={(event) => {
                setReason(event.currentTarget.value);
                setMissing(false);
              }}
            />
          ) : null}
          {error ? <FaultNotice error={error} takeFocus /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
