import { decodeEntry } from '../ledger';
import type { AuditActorKind, AuditEntry } from './audit.types';

interface StoredBytes {
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
