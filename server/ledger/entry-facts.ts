import { decodeEntry } from './entry';
import { timeAt } from './entry-time';
import { EntryValues, values } from './entry-values';

/** What verification and the log's queries need of an entry. */
export interface EntryFacts {
  at: string;
  actorId: string | null;
  action: string;
  outcome: string;
  targetType: string | null;
  targetId: string | null;
  requestId: string | null;
  patients: readonly string[];
  /** Empty where the entry has none, as in the columns. */
  role: string;
  operation: string;
  purpose: string;
  ip: string;
  /** Columns changed or column groups opened, with commas between. */
  fields: string;
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const NOBODY: readonly string[] = [];
const found = new EntryValues();

/**
 * Reads stored bytes. Nearly every entry is of the form that `EntryValues` knows, which takes a fraction of the time of parsing
 * JSON; any other is parsed, with the same result.
 *
 * @throws SyntaxError or TypeError when the bytes are no entry
 */
export function factsOf(bytes: Buffer): EntryFacts {
  const usual = found.find(bytes, 0, bytes.length);
  if (!usual || Number.isNaN(timeAt(bytes, found.starts[values.at]!, found.ends[values.at]!)))
    return parsedFacts(bytes);
  const [fields, patients] = [found.textOf(values.fields), found.textOf(values.patients)];
  return {
    at: found.textOf(values.at)!,
    actorId: found.textOf(values.actorId),
    action: found.textOf(values.action)!,
    outcome: found.textOf(values.outcome)!,
    targetType: found.textOf(values.targetType),
    targetId: found.textOf(values.targetId),
    requestId: found.textOf(values.requestId),
    patients: patients === null ? NOBODY : distinct(itemsOf(patients)),
    role: found.textOf(values.role) ?? '',
    operation: found.textOf(values.operation) ?? '',
    purpose: found.textOf(values.purpose)!,
    ip: found.textOf(values.ip) ?? '',
    fields: fields === null ? '' : itemsOf(fields).join(),
  };
}

/** The items of a list of strings without escapes, brackets left out. */
function itemsOf(list: string): string[] {
  return list.slice(1, -1).split('","');
}

/** The same by parsing. Exported so that a test can hold the two together. */
export function parsedFacts(bytes: Buffer): EntryFacts {
  const entry = decodeEntry(bytes);
  const facts: EntryFacts = {
    at: entry.t,
    actorId: entry.by.u,
    action: entry.a,
    outcome: entry.k,
    targetType: entry.o?.t ?? null,
    targetId: entry.o?.i ?? null,
    requestId: entry.q,
    patients: distinct(entry.p),
    role: entry.by.r ?? '',
    operation: entry.op ?? '',
    purpose: entry.w,
    ip: entry.ip ?? '',
    fields: entry.f.join(','),
  };
  if (!facts.patients.every((patient) => UUID.test(patient)) || Number.isNaN(Date.parse(facts.at)))
    throw new TypeError('These bytes are no entry of version 1.');
  return facts;
}

function distinct(names: readonly string[]): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)];
}
