import { binaryArray } from '../database/binary-array';
import type { Actor, RequestContext } from '../graphql/context';
import { forbidden } from '../graphql/errors';
import { encodeEntry, type LedgerEntry } from '../ledger';
import type { Clock } from '../platform/clock';
import { newId } from '../platform/ids';

/** What happened, as the code that did it knows it; who, when and within which request comes from the context. */
export interface EntryDraft {
  action: string;
  outcome?: LedgerEntry['k'];
  target?: { type: string; id: string | null };
  /** Names of columns or column groups, never values. */
  fields?: readonly string[];
  patients?: readonly string[];
  /** Only for acts of staff administration; a reason about a patient belongs into the patient's record. */
  reason?: string | null;
  purpose?: string;
  rowHash?: Buffer | null;
}

/** A draft made final: the bytes that will be hashed, and what the database looks for before they are sealed. */
export interface PendingEntry {
  action: string;
  targetType: string | null;
  targetId: string | null;
  bytes: Buffer;
  requestId: string;
}

/** Purpose of every entry about a patient whose glass is broken; its reason names the grant. */
const EMERGENCY = 'emergency';

const LONGEST_REASON = 200;
const LONGEST_OPERATION = 100;

/** Completes a draft with who, when and where, and encodes it. Throws RangeError above 64 KiB. */
export function finish(draft: EntryDraft, context: RequestContext, clock: Clock): PendingEntry {
  const { actor } = context;
  if (draft.rowHash) demandMaySet(actor, draft);
  const patients = draft.patients?.map((id) => id.toLowerCase()) ?? []; // callers may write an id in capitals
  const targetId = draft.target?.id?.toLowerCase() ?? null;
  const grant = grantOf(actor, patients);
  const entry: LedgerEntry = {
    a: draft.action,
    by: { k: actor.kind, r: actor.role, s: actor.sessionId, u: actor.id },
    d: context.documentHash,
    f: draft.fields ?? [],
    id: newId(),
    ip: context.ip,
    k: draft.outcome ?? 'ok',
    n: patients.length,
    o: draft.target ? { i: targetId, t: draft.target.type } : null,
    op: wellFormed(context.operation, LONGEST_OPERATION),
    p: patients,
    q: context.requestId,
    rh: draft.rowHash?.toString('hex') ?? null,
    t: clock.now().toISOString(),
    v: 1,
    w: grant ? EMERGENCY : (draft.purpose ?? context.purpose),
    why: grant ? `break-glass ${grant}` : wellFormed(draft.reason ?? null, LONGEST_REASON),
  };
  return {
    action: draft.action,
    targetType: draft.target?.type ?? null,
    targetId,
    bytes: encodeEntry(entry),
    requestId: context.requestId,
  };
}

/** Every change of a row comes by here, so here the scope of another system is held. Throws FORBIDDEN. */
function demandMaySet({ scope }: Actor, { target, fields = [] }: EntryDraft): void {
  const beyond = scope && fields.find((field) => !scope.maySet(target?.type ?? '', camelCase(field)));
  if (beyond) throw forbidden(`The scope of this client leaves out writing ${camelCase(beyond)}.`);
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** The break-glass grant under which the actor touches one of these patients. */
function grantOf({ grants }: Actor, patients: readonly string[]): string | undefined {
  if (!grants || grants.size === 0) return undefined;
  return patients.map((id) => grants.get(id)).find((grant) => grant !== undefined);
}

/** Patients named in one entry: their ids must fit 64 KiB. */
const PATIENTS_PER_ENTRY = 1_000;

/**
 * Drafts that each make one entry, usually just one: apart for each break-glass grant that its patients are seen under, and
 * no more patients in one than fit.
 */
export function oneByOne(draft: EntryDraft, { grants }: Actor): EntryDraft[] {
  const { patients = [] } = draft;
  const byGrant = grants && grants.size > 0;
  if (patients.length < 2 || (!byGrant && patients.length <= PATIENTS_PER_ENTRY)) return [draft];
  const under = new Map<string | undefined, string[][]>();
  for (const id of patients) {
    const parts = under.get(grants?.get(id)) ?? [];
    const last = parts.at(-1);
    if (last && last.length < PATIENTS_PER_ENTRY) last.push(id);
    else under.set(grants?.get(id), [...parts, [id]]);
  }
  return [...under.values()].flat().map((some) => ({ ...draft, patients: some }));
}

const PLAIN = /^[ -~]*$/;

/** Text of a caller, cut, without lone surrogates, which have no canonical form, and without NUL, which PostgreSQL has not. */
function wellFormed(text: string | null, longest: number): string | null {
  if (text === null || PLAIN.test(text)) return text === null ? null : text.slice(0, longest);
  return Buffer.from([...text].slice(0, longest).join(''))
    .toString()
    .replaceAll('\0', '\uFFFD');
}

/** The one statement that puts entries where the sealer finds them. */
export const INSERT_PENDING = `INSERT INTO audit_pending (action, target_type, target_id, entry)
  SELECT action, target_type, target_id, entry
  FROM unnest($1::text[], $2::text[], $3::uuid[], $4::bytea[]) AS drafts (action, target_type, target_id, entry)`;

export function pendingValues(entries: readonly PendingEntry[]): unknown[] {
  return [
    binaryArray('text', entries.map(({ action }) => action)),
    binaryArray('text', entries.map(({ targetType }) => targetType)),
    binaryArray('uuid', entries.map(({ targetId }) => targetId)),
    binaryArray('bytea', entries.map(({ bytes }) => bytes)),
  ]; // prettier-ignore
}
