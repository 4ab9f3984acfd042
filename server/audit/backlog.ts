import type { DataSource } from 'typeorm';

const LOOK_AGAIN_MS = 100;

/**
 * Resolves once fewer than this many entries wait to be sealed: work that writes faster than the sealer seals asks between
 * its transactions. No more of them are looked at; a few that never will be sealed do not count.
 */
export async function backlogBelow(dataSource: DataSource, most: number): Promise<void> {
  for (;;) {
    const rows = await dataSource.query<unknown[]>('SELECT FROM audit_pending ORDER BY id OFFSET $1 LIMIT 1', [most]);
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
