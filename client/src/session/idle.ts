import { useEffect, useState } from 'react';
import { lastActivity, noteActivity } from './activity';
import { signOut } from './session';
import { listen, tell } from './tabs';

/** A workstation left alone is closed after this; the server ends the session on its own clock as well. */
const idleMinutes = 15;
const warningSeconds = 120;
const tellEverySeconds = 10;

/**
 * Watches for activity in this and all other tabs while somebody is signed in.
 * @returns the seconds left once the warning stands, else null, and a function that stays.
 */
export function useIdle(active: boolean): { secondsLeft: number | null; stay: () => void } {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const [watch] = useState(() => ({ told: 0 }));

  const stay = () => {
    noteActivity();
    setSecondsLeft(null);
    tell({ kind: 'active', at: lastActivity() });
  };

  useEffect(() => {
    if (!active) return undefined;
    noteActivity();
    let warned = false;

    const onActivity = () => {
      // Once the warning stands, only an answer to it counts: a nudged mouse is not a person.
      if (warned) return;
      noteActivity();
      if (lastActivity() - watch.told > tellEverySeconds * 1000) {
        watch.told = lastActivity();
        tell({ kind: 'active', at: lastActivity() });
      }
    };
    const tick = () => {
      const left = Math.ceil((lastActivity() + idleMinutes * 60_000 - Date.now()) / 1000);
      warned = left <= warningSeconds;
      setSecondsLeft(warned ? Math.max(0, left) : null);
      if (left <= 0) void signOut('idle');
    };
    const stopListening = listen((message) => {
      if (message.kind === 'active') noteActivity(message.at);
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
