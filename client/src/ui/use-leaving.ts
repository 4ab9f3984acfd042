import { useBlocker } from '@tanstack/react-router';
import { getSession } from '../session/session';

/** Somebody is about to leave unsaved work. */
export interface Leaving {
  stay: () => void;
  leave: () => void;
}

/**
 * Stops whoever goes to another page with unsaved work, whichever way.
 * @param release called before it is left behind all the same: from then on `isUnsaved` is false
 * @returns null while nobody is about to leave
 */
export function useLeaving(isUnsaved: () => boolean, release: () => void): Leaving | null {
  const blocker = useBlocker({
    shouldBlockFn: () => isUnsaved() && getSession().status === 'signedIn',
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return {
    stay: blocker.reset,
    leave: () => {
      release();
      blocker.proceed();
    },
  };
}
