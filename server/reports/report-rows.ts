import type { AuditEntry, EntryProofs } from '../audit';
import type { AccessReportRow, DisclosureRow, ReportProof } from './report.types';

/** Purpose of what is done under a break-glass grant. */
const EMERGENCY = 'emergency';
/** What printing and exporting disclose, where the entry names no columns: all there is. */
const WHOLE_RECORD = 'record';

export async function accessRow(entry: AuditEntry, proofs: EntryProofs): Promise<AccessReportRow> {
  return { entry, emergency: entry.purpose === EMERGENCY, proof: await proofOf(entry, proofs) };
}

export async function disclosureRow(entry: AuditEntry, proofs: EntryProofs): Promise<DisclosureRow> {
  const { at, actor, fields, purpose, ip } = entry;
  const outside = actor.role === 'INTEGRATION';
  const name = whoOf(entry);
  return {
    at,
    recipient: outside ? name : `Paper or file, made by ${name}`,
    recipientAddress: outside ? ip : null,
    disclosed: fields.length > 0 ? fields : [WHOLE_RECORD],
    purpose: purpose ?? '',
    entry,
    proof: await proofOf(entry, proofs),
  };
}

/** Who it was, in words. */
export function whoOf({ actor }: AuditEntry): string {
  return actor.name ?? actor.id ?? (actor.kind === 'system' ? 'the system itself' : 'nobody known');
}

/** A log that contradicts itself has no proofs, and a report from it no worth: the verifier will say where. */
async function proofOf({ index, leafHash }: AuditEntry, proofs: EntryProofs): Promise<ReportProof | null> {
  const proof = await proofs.prove(index, Buffer.from(leafHash, 'hex'));
  return proof && { ...proof, path: proof.path.map((hash) => hash.toString('hex')) };
}
