import { decodeEntry } from './entry';

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

// A string in canonical JSON without escapes; one of ASCII only, whose characters are its bytes; a UUID.
const string = '"[ !#-[\\]-~\\x80-\\xff]*"';
const ascii = '"[ !#-[\\]-~]*"';
const plain = '"([ !#-[\\]-~]*)"';
const uuid = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}';
const orNull = (pattern: string) => `(?:null|${pattern})`;
const listOf = (item: string) => `\\[(?:${item}(?:,${item})*)?\\]`;

/** The one form in which `encodeEntry` writes an entry, escapes in strings apart. */
const FORM = new RegExp(
  `^{"a":${plain},"by":{"k":${string},"r":${orNull(plain)},"s":${orNull(string)},"u":${orNull(`"(${uuid})"`)}},` +
    `"d":${orNull(string)},"f":(${listOf(ascii)}),"id":${string},"ip":${orNull(plain)},"k":${plain},"n":\\d+,` +
    `"o":${orNull(`{"i":${orNull(`"(${uuid})"`)},"t":${plain}}`)},"op":${orNull(plain)},"p":(${listOf(`"${uuid}"`)}),` +
    `"q":${plain},"rh":${orNull(string)},"t":"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)","v":1,"w":${plain},` +
    `"why":${orNull(string)}}$`,
);

const UUID = new RegExp(`^${uuid}$`);
const NOBODY: readonly string[] = [];

/**
 * Reads stored bytes. Nearly every entry matches the pattern, which takes a fifth of the time of parsing JSON; any other is
 * parsed, with the same result.
 *
 * @throws SyntaxError or TypeError when the bytes are no entry
 */
export function factsOf(bytes: Buffer, start = 0, end = bytes.length): EntryFacts {
  const match = FORM.exec(bytes.toString('latin1', start, end));
  if (!match) return parsedFacts(bytes.subarray(start, end));
  const [
    ,
    action,
    role,
    actorId,
    fields,
    ip,
    outcome,
    targetId,
    targetType,
    operation,
    patients,
    requestId,
    at,
    purpose,
  ] = match;
  return {
    at: at!,
    actorId: actorId ?? null,
    action: action!,
    outcome: outcome!,
    targetType: targetType ?? null,
    targetId: targetId ?? null,
    requestId: requestId!,
    patients: patients!.length > 2 ? distinct(patients!.slice(2, -2).split('","')) : NOBODY,
    role: role ?? '',
    operation: operation ?? '',
    purpose: purpose!,
    ip: ip ?? '',
    fields: fields!.length > 2 ? fields!.slice(2, -2).replaceAll('","', ',') : '',
  };
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
