/** SQL condition, true for a patient (id in `column`) who was not erased. Whoever sees deleted patients must carry it. */
export function notErased(column: string): string {
  return `NOT EXISTS (SELECT 1 FROM erasure e WHERE e.id = ${column})`;
}
