import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import { nameChange, type AuditLog } from '../../audit';
import { IntegrityError, KeyUnavailableError } from '../../crypto/errors';
import { SYSTEM_OWNER } from '../../crypto/keyring';
import { announce } from '../../database/key-news';
import { holdForSealing } from '../../database/key-store';
import { Reader } from '../../database/reader';
import { envelopesOf, privately, sealedEntities } from '../../database/sealed-column';
import type { RequestContext } from '../../graphql/context';
import { countedFacts, type PatientFacts } from '../patient.changes';
import { Patient } from '../patient.entity';
import type { PatientIndex } from '../patient-index';
import type { PatientObserver } from '../patient.service';
import type { Erasure } from './erasure.entity';

/** Clears, in the same transaction, what else of a patient can be recognised without a key. */
export interface ErasureObserver {
  patientErased(context: RequestContext, manager: EntityManager, patientId: string): Promise<void>;
}

export interface EraserDeps {
  base: Foundation;
  index: PatientIndex;
  log: AuditLog;
  counts: PatientObserver;
  observers: readonly ErasureObserver[];
}

const TOKEN_BYTES = 16;

/** The part of an erasure that happens in one transaction. Everything that was sealed for the patient stays where it is, unreadable. */
export class Eraser {
  private readonly reader: Reader<Patient>;

  constructor(private readonly deps: EraserDeps) {
    this.reader = new Reader(deps.base.dataSource, Patient);
  }

  /**
   * Locks the patient's data keys and then the row, as every writer does: whoever writes finishes first, whoever comes
   * later finds nobody. Null when there is no such row.
   */
  async lock(manager: EntityManager, id: string): Promise<Patient | null> {
    await holdForSealing(manager, this.deps.base.keyring, [SYSTEM_OWNER]);
    // until twice the same: a re-sealing that was waited for has put another key in place of the locked one
    let seen: string | null = null;
    for (let locked = await lockKeys(manager, id); locked !== seen; locked = await lockKeys(manager, id)) seen = locked;
    const [patient] = await this.reader.many('WHERE t.id = $1 FOR UPDATE OF t', [id], manager);
    return patient ?? null;
  }

  /**
   * Destroys the keys of a locked patient and clears every token, and writes the erasure down: with a certificate, unless it
   * has one from an earlier time. `patient` is null when there is no such row.
   */
  async erase(
    context: RequestContext,
    manager: EntityManager,
    patient: Patient | null,
    erasure: Erasure,
  ): Promise<void> {
    const { id, erasedAt, erasedBy } = erasure;
    const { log, index, observers } = this.deps;
    const before = patient && (await this.factsOf(patient));
    const envelopes = await countEnvelopes(manager, id);
    const keys = await destroyKeys(manager, id);
    await index.remove(manager, [id]);
    await forgetRequests(manager, id);
    if (patient) await this.clear(context, manager, patient, erasedAt);
    for (const observer of observers) await observer.patientErased(context, manager, id);

    const facts = { patient: id, erasedAt: erasedAt.toISOString(), by: erasedBy, keys, envelopes };
    if (!erasure.certificate)
      erasure.certificate = await log.certifyErasure(manager, { ...facts, request: context.requestId });
    erasure.applied = true;
    await manager.save(erasure, { reload: false });
    await announce(manager, `forget:${id}`);
    // last, since others wait for the counters until this commits
    if (before) await this.deps.counts.patientsChanged(manager, [{ before, after: null }]);
  }

  /** Nothing of the row can be found by what it holds any more. */
  private async clear(
    context: RequestContext,
    manager: EntityManager,
    patient: Patient,
    erasedAt: Date,
  ): Promise<void> {
    patient.mrnToken = randomBytes(TOKEN_BYTES);
    patient.deletedAt ??= erasedAt;
    patient.version += 1;
    patient.updatedAt = this.deps.base.clock.now();
    patient.updatedBy = context.actor.id;
    nameChange(patient, 'erase');
    await manager.save(patient, { reload: false });
  }

  /** What the counts know of the patient; null when the patient is not counted, or the record does not open any more. */
  private async factsOf(patient: Patient): Promise<PatientFacts | null> {
    if (patient.deletedAt !== null) return null;
    try {
      await this.deps.base.keyring.hold(envelopesOf([patient]));
      return privately(() => countedFacts(patient));
    } catch (error) {
      if (error instanceof KeyUnavailableError || error instanceof IntegrityError) return null;
      throw error;
    }
  }
}

async function lockKeys(manager: EntityManager, owner: string): Promise<string> {
  const sql = 'SELECT id::text FROM data_key WHERE owner = $1 ORDER BY created_at, id FOR UPDATE';
  const keys = await manager.query<{ id: string }[]>(sql, [owner]);
  return keys.map(({ id }) => id).join();
}

/** How many envelopes of the patient each sealed column holds; empty columns are left out. */
async function countEnvelopes(manager: EntityManager, id: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, owner, columns } of sealedEntities()) {
    if ('id' in owner) continue; // rows of the system, not of patients
    const figures = columns.map(({ column }) => `count(${column})::integer AS ${column}`).join(', ');
    const sql = `SELECT ${figures} FROM ${table} WHERE ${owner.column} = $1`;
    const [row] = await manager.query<Record<string, number>[]>(sql, [id]);
    for (const { column } of columns) if (row?.[column]) counts[`${table}.${column}`] = row[column];
  }
  return counts;
}

/** Deletes the wrapped keys and remembers their ids, so that the envelopes under them are known to be closed for good. */
async function destroyKeys(manager: EntityManager, owner: string): Promise<string[]> {
  const keys = await manager.query<{ id: string }[]>(
    `WITH gone AS (DELETE FROM data_key WHERE owner = $1 RETURNING id)
     INSERT INTO destroyed_key (id, owner) SELECT id, $1 FROM gone
     ON CONFLICT (id) DO UPDATE SET owner = excluded.owner RETURNING id::text`,
    [owner],
  );
  return keys.map(({ id }) => id).sort();
}

/** The keyed hash of a request holds all that was given with it: equal requests would be recognised. */
async function forgetRequests(manager: EntityManager, id: string): Promise<void> {
  await manager.query(
    `DELETE FROM idempotency_key WHERE result_id IN (
       SELECT $1::uuid UNION ALL SELECT id FROM visit WHERE patient_id = $1
       UNION ALL SELECT id FROM treatment_update WHERE patient_id = $1
       UNION ALL SELECT id FROM break_glass_grant WHERE patient_id = $1)`,
    [id],
  );
}
