import type { DataSource } from 'typeorm';

const LOOK_AGAIN_MS = 100;

/**
 * Resolves once fewer than this many entries wait to be sealed: work that writes faster than the sealer seals asks between
 * its transactions. Counted by the distance of their numbers, which a long queue makes no dearer and gaps only overstate.
 */
export async function backlogBelow(dataSource: DataSource, most: number): Promise<void> {
  for (;;) {
    const [row] = await dataSource.query<{ waiting: string }[]>(
      'SELECT coalesce(max(id) - min(id), 0) AS waiting FROM audit_pending',
    );
    if (Number(row!.waiting) < most) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
