import type { ClientBase } from 'pg';
import type { Notary } from './notary';

/** The database is older than what its log has signed: a backup was restored. */
export class OlderThanSigned extends Error {}

/**
 * Looks at the checkpoints outside the database before the first entry is sealed. A log that was signed with more entries
 * than there are came out of a backup; to seal and sign on top of that would be to sign a second history.
 *
 * @throws OlderThanSigned then; `audit restore-shard` goes on from there
 */
export async function demandNotOlder(client: ClientBase, notary: Notary): Promise<void> {
  const sizes = new Map<string, number>();
  for (const { origin, size } of await notary.signedLast()) sizes.set(origin, Math.max(size, sizes.get(origin) ?? 0));
  for (const [origin, signed] of sizes) {
    const { rows } = await client.query<{ size: string | null; entries: string }>(
      `SELECT h.size::text AS entries, CASE WHEN h.origin = $1 THEN h.size - h.first_index
          ELSE (SELECT s.size FROM audit_shard s WHERE s.origin = $1) END::text AS size FROM audit_head h`,
      [origin],
    );
    const { size, entries } = rows[0]!;
    if (entries === '0' || (size !== null && Number(size) >= signed)) continue;
    throw new OlderThanSigned(
      `The checkpoint file names ${signed} entries of ${origin}, the database has ${size ?? 'none of them'}: it was ` +
        'restored from a backup. Entries wait until audit restore-shard was run (docs/operations/backup.md).',
    );
  }
}
