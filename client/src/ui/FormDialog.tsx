import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultNotice } from './FaultNotice';

interface Props {
  title: string;
  confirmLabel: string;
  busy: boolean;
  /** What belongs to no field. */
  fault?: unknown;
  size?: 'md' | 'lg';
  onClose: () => void;
  /** Says itself what went wrong. */
  onSubmit: () => Promise<void>;
  /** Shown instead of the form once it is done, until whoever reads it closes it. */
  done?: ReactNode;
  /** A slip of the finger must not lose what `done` shows. */
  keep?: boolean;
  children: ReactNode;
}

/** A form in a dialog: its faults, its fields, and its two buttons. It stays while it is being sent. */
export function FormDialog(props: Props) {
  const { title, confirmLabel, busy, fault, size = 'md', onClose, onSubmit, done, keep = false, children } = props;
  const { t } = useTranslation();
  const kept = Boolean(done) && keep;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSubmit();
  };
  return (
    <Modal
      opened
      // Not while the question for the password lies above: Escape is meant for that.
      onClose={() => (busy || kept ? undefined : onClose())}
      withCloseButton={!kept}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {done || (
        <form onSubmit={submit} noValidate aria-label={title}>
          <Stack>
            {fault ? <FaultNotice error={fault} takeFocus /> : null}
            {children}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={busy}>
                {confirmLabel}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
