import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';
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
  /** Shown instead of the form once it is done, such as a secret: a slip of the finger does not close it, a button of its own does. */
  done?: ReactNode;
  children: ReactNode;
}

/** A form in a dialog: its faults, its fields, and its two buttons. It stays while it is being sent. */
export function FormDialog(props: Props) {
  const { title, confirmLabel, busy, fault, size = 'md', onClose, onSubmit, done, children } = props;
  const { t } = useTranslation();
  const kept = Boolean(done);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSubmit();
  };
  return (
    <Dialog
      opened
      // Not while the question for the password lies above: Escape is meant for that.
      onClose={() => (busy || kept ? undefined : onClose())}
      withCloseButton={!kept}
      title={title}
      size={size}
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
    </Dialog>
  );
}
