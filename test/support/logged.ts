import { createHash } from 'node:crypto';
import { key } from './disclosed';
import type { Entry, Hospital, Name } from './hospital';
import type { RandomDocument } from './random-document';
import type { Disclosure, Expected } from './what-is-told';

/** One question, and what its answer discloses. */
export interface Asked {
  who: Name;
  document: RandomDocument;
  body: string;
  requestId: string;
  disclosure: Disclosure;
}

export type Logged = Entry & { n: number; d: string | null; op: string | null; w: string };

/** Everything in the log, by request. */
export async function entriesByRequest(hospital: Hospital): Promise<Map<string, Logged[]>> {
  const byRequest = new Map<string, Logged[]>();
  for (const entry of (await hospital.entries()) as Logged[]) {
    byRequest.set(entry.q ?? '', [...(byRequest.get(entry.q ?? '') ?? []), entry]);
  }
  return byRequest;
}

/**
 * What is wrong with the entries of a request; null when they say what the answer said, no more and no less, and are
 * attributed to who asked, in which operation, by which document.
 */
export function faultOf(hospital: Hospital, { disclosure, document, who }: Asked, entries: Logged[]): object | null {
  const logged = entries.map(asExpected).sort((one, other) => key(one).localeCompare(key(other)));
  const wanted = disclosure.entries;
  const hash = createHash('sha256').update(document.text).digest('hex');
  const named = entries.every(
    ({ n, p, d, op, by }) =>
      n === p.length &&
      new Set(p).size === n &&
      d === hash &&
      op === document.operationName &&
      by.u === hospital.idOf(who),
  );
  const same = disclosure.torn
    ? wanted.every((one) => logged.some((other) => covers(other, one)))
    : JSON.stringify(logged) === JSON.stringify(wanted);
  return named && same ? null : { wanted, logged, named };
}

function asExpected({ a, k, f, p, w }: Logged): Expected {
  return { action: a, outcome: k as Expected['outcome'], purpose: w, fields: [...f].sort(), patients: [...p].sort() };
}

/** When a part failed, its siblings may have been opened and then not be shown: the log names them all the same, never less. */
function covers(logged: Expected, { action, outcome, fields, patients }: Expected): boolean {
  return (
    logged.action === action &&
    logged.outcome === outcome &&
    fields.every((field) => logged.fields.includes(field)) &&
    patients.every((patient) => logged.patients.includes(patient))
  );
}
