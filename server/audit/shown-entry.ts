import { decodeEntry } from '../ledger';
import type { AuditActorKind, AuditEntry } from './audit.types';

/** An entry as it is read from the log. */
export interface StoredBytes {
  index: string;
  entry: Buffer;
  leaf: Buffer;
  chain: Buffer;
}

/** An entry as the contract shows it; the actor's name is another's to tell. */
export function shownEntry({ index, entry: bytes, leaf, chain }: StoredBytes): AuditEntry {
  const entry = decodeEntry(bytes);
  return {
    index: Number(index),
    at: new Date(entry.t),
    actor: {
      kind: entry.by.k as AuditActorKind,
      id: entry.by.u,
      role: entry.by.r as AuditEntry['actor']['role'],
      name: null,
    },
    action: entry.a,
    outcome: entry.k as AuditEntry['outcome'],
    operation: entry.op,
    patients: [...entry.p],
    target: entry.o ? { type: entry.o.t, id: entry.o.i } : null,
    fields: [...entry.f],
    purpose: entry.w,
    reason: entry.why,
    requestId: entry.q,
    ip: entry.ip,
    canonical: bytes.toString('utf8'),
    leafHash: leaf.toString('hex'),
    chainHash: chain.toString('hex'),
  };
}

/**
 * The entry for somebody who may know of these patients only. An operation names everybody it opened in one entry; who stands
 * beside an own patient there is not theirs to learn, a confidential one least of all.
 */
export function namingOnly(entry: AuditEntry, known: ReadonlySet<string>): AuditEntry {
  const patients = entry.patients.filter((id) => known.has(id));
  if (patients.length === entry.patients.length) return entry;
  const target = entry.target && { ...entry.target, id: known.has(entry.target.id ?? '') ? entry.target.id : null };
  return { ...entry, patients, target, canonical: null };
}
