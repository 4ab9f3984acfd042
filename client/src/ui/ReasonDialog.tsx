import { Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from './FormDialog';

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
  /** Shown instead of the question once it is done. */
  result?: ReactNode;
}

/** Asks before something weighty is done, and for the reason the log will keep. */
export function ReasonDialog({ opened, ...question }: Props) {
  return opened ? <Question {...question} /> : null;
}

function Question(props: Omit<Props, 'opened'>) {
  const { title, text, confirmLabel, onClose, onCancel = onClose, onConfirm, askReason = true, result } = props;
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
      onClose();
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };

  return (
    <FormDialog
      title={title}
      confirmLabel={confirmLabel}
      busy={busy}
      fault={error}
      size={result ? 'lg' : 'md'}
      onClose={onCancel}
      onSubmit={confirm}
      done={result}
    >
      <Text size="sm" component="div">
        {text}
      </Text>
      {askReason ? (
        <Textarea
          label={props.reasonLabel ?? t('form.reason')}
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
    </FormDialog>
  );
}
