import type { LedgerEntry } from '../ledger';

/** What the log's queries need of an entry, in columns of their own; the verifier compares them with the bytes. */
export function columnsOf(entry: LedgerEntry) {
  return {
    at: entry.t,
    actorId: entry.by.u,
    action: entry.a,
    outcome: entry.k,
    targetType: entry.o?.t ?? null,
    targetId: entry.o?.i ?? null,
    requestId: entry.q,
    patients: [...new Set(entry.p)],
    role: entry.by.r ?? '',
    operation: entry.op ?? '',
    purpose: entry.w,
    ip: entry.ip ?? '',
    fields: entry.f.join(','),
  };
}
