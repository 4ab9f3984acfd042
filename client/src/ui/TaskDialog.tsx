import { ReasonDialog } from './ReasonDialog';
import { notifyDone } from './notify';

interface Props {
  /** What is about to be done, as the menu calls it. */
  label: string;
  /** Whom it is done to. */
  name: string;
  text: string;
  confirmLabel?: string;
  askReason?: boolean;
  act: (reason: string) => Promise<unknown>;
  /** Said once it is done; left out where something is then shown in place of the dialog, which does not close itself. */
  done?: string;
  onClose: () => void;
  onDone: () => void;
}

/** Asks an administrator before something is done with the account of a person or of a system. */
export function TaskDialog({ label, name, text, confirmLabel = label, askReason = false, act, done, ...then }: Props) {
  return (
    <ReasonDialog
      opened
      askReason={askReason}
      onClose={done === undefined ? () => undefined : then.onClose}
      onCancel={then.onClose}
      title={`${label}: ${name}`}
      text={text}
      confirmLabel={confirmLabel}
      onConfirm={async (reason) => {
        await act(reason);
        if (done !== undefined) notifyDone(done);
        then.onDone();
      }}
    />
  );
}
