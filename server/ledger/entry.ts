import { canonicalString as text } from './canonical-json';

/** Largest entry, in bytes: what the length prefix of an entry bundle can say (C2SP tlog-tiles). */
export const MAX_ENTRY_BYTES = 65_535;

/** Version 1 of an entry. Short names, since every access writes one; it holds no patient data values. */
export interface LedgerEntry {
  /** Action: create, update, delete, restore, remove, read, sign-in, … */
  a: string;
  /** Who: kind (user, client, system, anonymous), role, session, id of the account or API client. */
  by: { k: string; r: string | null; s: string | null; u: string | null };
  /** SHA-256 of the GraphQL document, hex. */
  d: string | null;
  /** Names of changed columns, or of the column groups opened. */
  f: readonly string[];
  /** Id of the entry, UUIDv7. */
  id: string;
  /** Address the request came from. */
  ip: string | null;
  /** Outcome. */
  k: 'ok' | 'refused' | 'failed';
  /** How many patients are named in p. */
  n: number;
  /** What it was done to: id and type. */
  o: { i: string | null; t: string } | null;
  /** Name of the operation or command. */
  op: string | null;
  /** Patients concerned. */
  p: readonly string[];
  /** Request id: several entries may belong to one request. */
  q: string;
  /** Row hash after the change, hex. */
  rh: string | null;
  /** When, RFC 3339 UTC with milliseconds. */
  t: string;
  v: 1;
  /** Purpose of use. */
  w: string;
  /** Reason given by staff for an act of administration. */
  why: string | null;
}

/**
 * The bytes of an entry: canonical JSON (RFC 8785), UTF-8. They are hashed and stored as they are, never made again.
 *
 * @throws RangeError above 65 535 bytes, TypeError for what has no canonical form
 */
export function encodeEntry(entry: LedgerEntry): Buffer {
  const bytes = Buffer.from(canonicalEntry(entry), 'utf8');
  if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError('An entry may have 65 535 bytes.');
  return bytes;
}

/** Reads stored bytes. Throws SyntaxError when they are not JSON, TypeError when they are no entry of version 1. */
export function decodeEntry(bytes: Buffer): LedgerEntry {
  const value = JSON.parse(bytes.toString('utf8')) as LedgerEntry;
  const sound =
    value !== null &&
    typeof value === 'object' &&
    value.v === 1 &&
    typeof value.a === 'string' &&
    Array.isArray(value.p);
  if (!sound) throw new TypeError('These bytes are no entry of version 1.');
  return value;
}

/** `canonicalJson(entry)`, a good deal faster since the members and their order are known; a test holds the two together. */
function canonicalEntry({ a, by, d, f, id, ip, k, n, o, op, p, q, rh, t, w, why }: LedgerEntry): string {
  if (!Number.isSafeInteger(n)) throw new TypeError('Only safe integers have a canonical form here.');
  const who = `{"k":${text(by.k)},"r":${orNull(by.r)},"s":${orNull(by.s)},"u":${orNull(by.u)}}`;
  const what = o === null ? 'null' : `{"i":${orNull(o.i)},"t":${text(o.t)}}`;
  return (
    `{"a":${text(a)},"by":${who},"d":${orNull(d)},"f":${list(f)},"id":${text(id)},"ip":${orNull(ip)},"k":${text(k)},"n":${n},` +
    `"o":${what},"op":${orNull(op)},"p":${list(p)},"q":${text(q)},"rh":${orNull(rh)},"t":${text(t)},"v":1,"w":${text(w)},` +
    `"why":${orNull(why)}}`
  );
}

function orNull(value: string | null): string {
  return value === null ? 'null' : text(value);
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(',')}]`;
}
