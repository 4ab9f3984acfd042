import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { holdForSealing } from '../database/key-store';
import { badInput, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import type { Patient, PatientRepository } from '../patients';

/** Two records of one person. */
export interface RecordPair {
  kept: Patient;
  merged: Patient;
}

/**
 * Locks the data keys of both records and then both rows, in the order of their ids, so that two merges that cross wait for
 * each other and never in a ring. Throws NOT_FOUND, for what was asked, when one is missing or was erased.
 */
export async function lockPair(
  { base, patients }: { base: Foundation; patients: PatientRepository },
  manager: EntityManager,
  { keptId, mergedId }: { keptId: string; mergedId: string },
  asked = 'patient',
): Promise<RecordPair> {
  const ids = [keptId, mergedId].sort();
  await holdForSealing(manager, base.keyring, ids);
  const rows = await patients.select('WHERE t.id = ANY($1::uuid[]) ORDER BY t.id FOR UPDATE OF t', [ids], manager);
  const erased = await manager.query<unknown[]>('SELECT 1 FROM erasure WHERE id = ANY($1::uuid[])', [ids]);
  const [kept, merged] = [keptId, mergedId].map((id) => rows.find((row) => row.id === id));
  if (!kept || !merged || erased.length > 0) throw notFound(asked);
  return { kept, merged };
}

/** Throws BAD_USER_INPUT for a record that is part of another, or deleted. */
export async function demandStanding(manager: EntityManager, { id, deletedAt }: Patient, path: string): Promise<void> {
  const sql = 'SELECT 1 FROM patient_merge WHERE merged_id = $1 AND unmerged_at IS NULL';
  if ((await manager.query<unknown[]>(sql, [id])).length > 0)
    throw badInput(path, 'This record was merged into another already.');
  if (deletedAt !== null) throw badInput(path, 'This patient is deleted; restore the record first.');
}

/** Saves a changed record: its version grows, whoever else is editing it finds out. */
export async function saveRecord(
  { base }: { base: Foundation },
  context: RequestContext,
  manager: EntityManager,
  patient: Patient,
): Promise<void> {
  patient.version += 1;
  patient.updatedAt = base.clock.now();
  patient.updatedBy = context.actor.id;
  await manager.save(patient, { reload: false });
}
