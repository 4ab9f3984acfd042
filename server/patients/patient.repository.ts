import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import type { Permission } from '../access/permissions';
import { onCareTeam } from '../access/policy';
import { holdForSealing } from '../database/key-store';
import { envelopesOf } from '../database/sealed-column';
import { Reader } from '../database/reader';
import { sharedLookUp } from '../database/shared-look-up';
import { notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { notErased } from './erasure/not-erased';
import { Patient } from './patient.entity';

/** Loads patients with their keys at hand, and only those the actor may see. */
export class PatientRepository {
  private readonly reader: Reader<Patient>;
  /** Look-ups by id of all requests, several in one query. */
  private readonly asked = sharedLookUp((asked: readonly Asked[]) => this.loadAsked(asked));

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, Patient);
  }

  /**
   * A patient this actor may read. Throws NOT_FOUND when there is none (or it was erased, or is deleted and the actor may not
   * restore all), FORBIDDEN when it is in the care of others.
   *
   * @param asked what was asked for, when it is something of the patient's: NOT_FOUND must not say that only the patient is missing
   */
  async get(context: RequestContext, id: string, asked = 'patient'): Promise<Patient> {
    const patient = await this.find(context, id);
    if (patient) return patient;
    const [row] = await this.base.dataSource.query<{ deleted: boolean }[]>(
      'SELECT deleted_at IS NOT NULL AS deleted FROM patient WHERE id = $1',
      [id],
    );
    if (!row || row.deleted) throw notFound(asked);
    throw this.base.policy.refusal();
  }

  /** The patient, or null when there is none that this actor may read; batched within a request. */
  find(context: RequestContext, id: string): Promise<Patient | null> {
    return context.once(this, () => new DataLoader((ids: readonly string[]) => this.load(context, ids))).load(id);
  }

  /** Puts a row read elsewhere in this request where later look-ups find it. */
  remember(context: RequestContext, patient: Patient): void {
    const loader = context.once(this, () => new DataLoader((ids: readonly string[]) => this.load(context, ids)));
    loader.clear(patient.id).prime(patient.id, patient);
  }

  /** Rows of `SELECT … FROM patient t …`, with their keys at hand. The caller has put the access condition in. */
  async select(rest: string, values: unknown[], manager?: EntityManager): Promise<Patient[]> {
    const rows = await this.reader.many(rest, values, manager);
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }

  /**
   * Locks a patient's key, then the row, for a change. Throws NOT_FOUND, also for a deleted one unless `deleted` asks for
   * those, and for an erased one always; `asked` as in `get`.
   */
  async lock(
    context: RequestContext,
    manager: EntityManager,
    id: string,
    permission: Permission,
    deleted = false,
    asked = 'patient',
  ): Promise<Patient> {
    const { policy, keyring } = this.base;
    const condition = policy.patientCondition(context.actor, permission, 't.id', '$2');
    await holdForSealing(manager, keyring, [id]);
    const [patient] = await this.reader.many(
      `WHERE t.id = $1${condition ? ` AND ${condition}` : ''} FOR UPDATE OF t`,
      condition ? [id, context.actor.id] : [id],
      manager,
    );
    if (!patient && condition && (await this.exists(manager, id, deleted))) throw policy.refusal();
    if (!patient || (patient.deletedAt !== null) !== deleted) throw notFound(asked);
    if (deleted && !(await this.exists(manager, id, deleted))) throw notFound(asked);
    await keyring.hold(envelopesOf([patient]));
    return patient;
  }

  private async exists(manager: EntityManager, id: string, deleted: boolean): Promise<boolean> {
    const sql = `SELECT 1 FROM patient t WHERE t.id = $1 AND (t.deleted_at IS NOT NULL) = $2 AND ${notErased('t.id')}`;
    const rows = await manager.query<unknown[]>(sql, [id, deleted]);
    return rows.length > 0;
  }

  private async load(context: RequestContext, ids: readonly string[]): Promise<(Patient | null)[]> {
    const { policy, keyring } = this.base;
    const { actor } = context;
    const onTeam = policy.boundToCareTeam(actor, 'PATIENT_READ') ? actor.id : null;
    const deletedToo = policy.mayRestoreAll(actor);
    const patients = await Promise.all(ids.map((id) => this.asked.load({ id, onTeam, deletedToo })));
    await keyring.hold(envelopesOf(patients.filter((patient) => patient !== null)));
    return patients;
  }

  /** A row of its own for each question, also when two ask for the same patient: what is opened is noted by request. */
  private async loadAsked(asked: readonly Asked[]): Promise<(Patient | null)[]> {
    const rows: (Patient | { id: null })[] = await this.reader.many(ASKED, [
      asked.map(({ id }) => id),
      asked.map(({ onTeam }) => onTeam),
      asked.map(({ deletedToo }) => deletedToo),
    ]);
    return rows.map((row) => (row.id === null ? null : (row as Patient)));
  }
}

/** A question for one patient by one request. */
interface Asked {
  id: string;
  /** Whose care team the patient must have this person on; null when the team does not matter. */
  onTeam: string | null;
  deletedToo: boolean;
}

const ASKED = `RIGHT JOIN unnest($1::uuid[], $2::uuid[], $3::boolean[]) WITH ORDINALITY AS asked (id, on_team, deleted_too, place)
  ON t.id = asked.id AND (t.deleted_at IS NULL OR (asked.deleted_too AND ${notErased('t.id')}))
    AND (asked.on_team IS NULL OR ${onCareTeam('t.id', 'asked.on_team')})
  ORDER BY asked.place`;
