import type { DataSource } from 'typeorm';
import { mergedInto } from '../patients';

/**
 * All ids under which the log speaks of the person who is this patient today: entries name the record they were about, and a
 * record that was merged into another kept its own.
 */
export async function idsOf({ manager }: DataSource, patientId: string): Promise<readonly string[]> {
  return [patientId, ...(await mergedInto(manager, [patientId]))];
}
