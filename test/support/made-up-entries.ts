import type { LedgerEntry } from '../../server/ledger';

/** Numbers that look random and are the same each time, below 2^32 (Park and Miller's generator). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const TEXTS = [
  '',
  'read',
  'x',
  'a,b',
  'quo"te',
  'back\\slash',
  'Überblick ☂',
  'line\nfeed',
  '"},"k":"ok"',
  'null',
  '𝄞',
];

/** An entry of any shape there can be: escapes, nulls, letters beyond ASCII, no patients or several, one of them twice. */
export function madeUpEntry(random: (below: number) => number, texts = TEXTS): LedgerEntry {
  const text = () => texts[random(texts.length)]!;
  const orNull = (make: () => string) => (random(3) === 0 ? null : make());
  const hex = (length: number) => Array.from({ length }, () => random(16).toString(16)).join('');
  const id = () => `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  const several = (make: () => string) => Array.from({ length: random(4) }, make);
  const patients = several(id);
  return {
    a: text(),
    by: { k: text(), r: orNull(text), s: orNull(id), u: orNull(id) },
    d: orNull(() => hex(64)),
    f: several(text),
    id: id(),
    ip: orNull(text),
    k: 'ok',
    n: random(2_000),
    o: random(3) === 0 ? null : { i: orNull(id), t: text() },
    op: orNull(text),
    p: random(5) === 0 ? [...patients, ...patients] : patients,
    q: text(),
    rh: orNull(() => hex(64)),
    t: new Date(1_700_000_000_000 + random(100_000_000) * 997).toISOString(),
    v: 1,
    w: text(),
    why: orNull(text),
  };
}
