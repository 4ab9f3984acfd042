import { useSyncExternalStore } from 'react';
import { getSession, watchSession } from './session';

/** Set while something waits for one more proof. */
let asked: { answer: Promise<boolean>; settle: (proven: boolean) => void } | null = null;
const watchers = new Set<() => void>();

function become(next: typeof asked): void {
  asked = next;
  watchers.forEach((watcher) => watcher());
}

/** Asks for one more proof; everything that waits shares one dialog. Answers whether it was given and right. */
export function askProof(): Promise<boolean> {
  if (asked) return asked.answer;
  const { promise, resolve } = withResolvers();
  become({ answer: promise, settle: resolve });
  return promise;
}

export function answerStepUp(proven: boolean): void {
  asked?.settle(proven);
  become(null);
}

export function useStepUpAsked(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => asked !== null,
  );
}

function withResolvers() {
  let resolve: (proven: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

// Nobody is left to answer.
watchSession(() => {
  if (asked && getSession().status !== 'signedIn') answerStepUp(false);
});
