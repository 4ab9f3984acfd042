import type { ReactNode } from 'react';
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
  /** Said once it is done; left out where a result is then shown, which is closed by a button of its own. */
  done?: string;
  result?: ReactNode;
  onClose: () => void;
  onDone: () => void;
}

/** Asks an administrator before something is done with the account of a person or of a system. */
export function TaskDialog({ label, name, text, confirmLabel = label, askReason = false, act, ...then }: Props) {
  const { done, result } = then;
  return (
    <ReasonDialog
      opened
      askReason={askReason}
      onClose={done === undefined ? () => undefined : then.onClose}
      onCancel={then.onClose}
      title={`${label}: ${name}`}
      text={text}
      confirmLabel={confirmLabel}
      result={result}
      onConfirm={async (reason) => {
        await act(reason);
        if (done !== undefined) notifyDone(done);
        then.onDone();
      }}
    />
  );
}
