/**
 * All ids under which the log speaks of the person who is this patient today: entries name the record they were about, and a
 * record that was merged into another kept its own.
 */
export function idsOf(patientId: string): Promise<readonly string[]> {
  return Promise.resolve([patientId]);
}
