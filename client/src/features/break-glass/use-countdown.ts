import { useEffect, useState } from 'react';

/** When each grant ends by this browser's own, steady clock: set when it was first seen, since wall clocks differ. */
const deadlines = new Map<string, number>();

/** Seconds a grant still holds, told every second; the server decides. */
export function useCountdown(grantId: string, secondsLeft: number): number {
  const [now, setNow] = useState(() => performance.now());
  const said = performance.now() + secondsLeft * 1000;
  const deadline = Math.min(deadlines.get(grantId) ?? said, said);
  useEffect(() => {
    deadlines.set(grantId, deadline);
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, [grantId, deadline]);
  return Math.max(0, Math.ceil((deadline - now) / 1000));
}
