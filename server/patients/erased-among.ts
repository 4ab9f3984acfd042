import type { EntityManager } from 'typeorm';

/** Which of these patients were erased: what is sealed under their keys opens no more. */
export async function erasedAmong(manager: EntityManager, ids: readonly string[]): Promise<Set<string>> {
  const sql = 'SELECT id FROM erasure WHERE id = ANY($1::uuid[])';
  return new Set((await manager.query<{ id: string }[]>(sql, [ids])).map(({ id }) => id));
}
