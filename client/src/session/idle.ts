import { useEffect, useState } from 'react';
import { signOut } from './session';
import { listen, tell } from './tabs';

/** A workstation left alone is closed after this; the server ends the session on its own clock as well. */
export const idleMinutes = 15;
export const warningSeconds = 120;
const tellEverySeconds = 10;

/**
 * Watches for activity in this and all other tabs while somebody is signed in.
 * @returns the seconds left once the warning stands, else null, and a function that stays.
 */
export function useIdle(active: boolean): { secondsLeft: number | null; stay: () => void } {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const [watch] = useState(() => ({ last: Date.now(), told: 0 }));

  const stay = () => {
    watch.last = Date.now();
    setSecondsLeft(null);
    tell({ kind: 'active', at: watch.last });
  };

  useEffect(() => {
    if (!active) return undefined;
    watch.last = Date.now();
    let warned = false;

    const onActivity = () => {
      // Once the warning stands, only an answer to it counts: a nudged mouse is not a person.
      if (warned) return;
      watch.last = Date.now();
      if (watch.last - watch.told > tellEverySeconds * 1000) {
        watch.told = watch.last;
        tell({ kind: 'active', at: watch.last });
      }
    };
    const tick = () => {
      const left = Math.ceil((watch.last + idleMinutes * 60_000 - Date.now()) / 1000);
      warned = left <= warningSeconds;
      setSecondsLeft(warned ? Math.max(0, left) : null);
      if (left <= 0) void signOut('idle');
    };
    const stopListening = listen((message) => {
      if (message.kind === 'active') watch.last = Math.max(watch.last, message.at);
    });
    const events = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
    events.forEach((event) => window.addEventListener(event, onActivity, { passive: true }));
    const clock = setInterval(tick, 1000);
    return () => {
      clearInterval(clock);
      stopListening();
      events.forEach((event) => window.removeEventListener(event, onActivity));
      setSecondsLeft(null);
    };
  }, [active, watch]);

  return { secondsLeft, stay };
}
