import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import type { Permission } from '../access/permissions';
import { knownTo } from '../access/policy';
import { KeyUnavailableError } from '../crypto/errors';
import { lockWithKey, withCurrentKey } from '../database/key-store';
import { envelopesOf } from '../database/sealed-column';
import { Reader } from '../database/reader';
import { sharedLookUp } from '../database/shared-look-up';
import { beforeChanges } from '../database/update-row';
import { notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { canReturn } from './merged';
import { Patient } from './patient.entity';

/** Loads patients with their keys at hand, and only those the actor may see. */
export class PatientRepository {
  private readonly reader: Reader<Patient>;
  /** Look-ups by id of all requests, several in one query. */
  private readonly asked = sharedLookUp((asked: readonly Asked[]) => this.loadAsked(asked));

  private readonly askedSql: string;

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, Patient);
    this.askedSql = `RIGHT JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[]) WITH ORDINALITY
        AS asked (id, viewer, grant_id, deleted_too, place)
      ON t.id = asked.id AND (t.deleted_at IS NULL OR (asked.deleted_too AND ${canReturn('t.id')}))
        AND ${base.policy.readCondition('t.id', 'asked.viewer', 'asked.grant_id')}
      ORDER BY asked.place`;
  }

  /**
   * A patient this actor may read. Throws NOT_FOUND when there is none (or it was erased, or is deleted and the actor may not
   * restore all, or is confidential and in the care of others), BREAK_GLASS_AVAILABLE or FORBIDDEN when it is in the care of
   * others.
   *
   * @param asked what was asked for, when it is something of the patient's: NOT_FOUND must not say that only the patient is missing
   */
  async get(context: RequestContext, id: string, asked = 'patient'): Promise<Patient> {
    const patient = await this.find(context, id);
    if (patient) return patient;
    // whoever may read all has found all there is: to the others a confidential patient is none
    const [row] = await this.base.dataSource.query<{ hidden: boolean }[]>(
      'SELECT deleted_at IS NOT NULL OR confidential AS hidden FROM patient WHERE id = $1',
      [id],
    );
    if (!row || row.hidden) throw notFound(asked);
    throw this.base.policy.refusal(context.actor, 'PATIENT_READ');
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

  /** As `select`, of `SELECT …, place FROM source`: patients with the number of the place the source found them in. */
  async selectWithPlace(
    source: string,
    place: string,
    values: unknown[],
  ): Promise<{ patient: Patient; place: number }[]> {
    const rows = await this.reader.from(source, place, values);
    await this.base.keyring.hold(envelopesOf(rows.map(({ row }) => row)));
    return rows.map(({ row, more }) => ({ patient: row, place: more[0] as number }));
  }

  /**
   * Locks a patient's key, then the row, for a change. Throws NOT_FOUND, also for a deleted one unless `deleted` asks for
   * those, and for an erased one always; `asked` as in `get`. Throws KeyUnavailableError for one whose key is not there.
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
    const values: unknown[] = [id];
    const condition = policy.patientCondition(context.actor, permission, 't.id', (value) => `$${values.push(value)}`);
    const where = `t.id = $1${condition ? ` AND ${condition}` : ''}`;
    // of a patient whom this person may not know, the key is not touched either, as of one there is not
    const sql = withCurrentKey(
      '$1',
      `EXISTS (SELECT 1 FROM patient t WHERE ${where})`,
      `WHERE ${where} FOR UPDATE OF t`,
    );
    let patient: Patient | undefined;
    await lockWithKey(keyring, async () => {
      const rows = await this.reader.joined(sql, values, manager);
      patient = rows[0]?.row;
      return rows.map(({ more }) => more);
    });
    if (!patient && (await this.stands(manager, where, values)))
      throw new KeyUnavailableError('The patient has no data key to seal with.');
    if (!patient && condition && (await this.known(context, manager, id, deleted)))
      throw policy.refusal(context.actor, permission);
    if (!patient || (patient.deletedAt !== null) !== deleted) throw notFound(asked);
    if (deleted && !(await this.known(context, manager, id, deleted))) throw notFound(asked);
    await keyring.hold(envelopesOf([patient]));
    return beforeChanges(patient);
  }

  /** Whether there is such a patient, deleted ones left out: if none could be locked, then for want of a key. */
  private async stands(manager: EntityManager, where: string, values: unknown[]): Promise<boolean> {
    const sql = `SELECT 1 FROM patient t WHERE ${where} AND t.deleted_at IS NULL`;
    return (await manager.query<unknown[]>(sql, values)).length > 0;
  }

  /** Whether there is such a patient, so far as this actor may know. */
  private async known(context: RequestContext, manager: EntityManager, id: string, deleted: boolean): Promise<boolean> {
    const values: unknown[] = [id, deleted];
    const known = knownTo(context.actor, 't.id', (value) => `$${values.push(value)}`);
    const rows = await manager.query<unknown[]>(
      `SELECT 1 FROM patient t WHERE t.id = $1 AND (t.deleted_at IS NOT NULL) = $2 AND ${canReturn('t.id')} AND ${known}`,
      values,
    );
    return rows.length > 0;
  }

  private async load(context: RequestContext, ids: readonly string[]): Promise<(Patient | null)[]> {
    const { policy, keyring } = this.base;
    const { actor } = context;
    if (actor.kind === 'client') return this.loadInScope(context, ids);
    const viewer = policy.viewerOf(actor);
    const deletedToo = policy.mayRestoreAll(actor);
    const asked = ids.map((id) => ({ id, viewer, grant: actor.grants?.get(id.toLowerCase()) ?? null, deletedToo }));
    const patients = await Promise.all(asked.map((one) => this.asked.load(one)));
    await keyring.hold(envelopesOf(patients.filter((patient) => patient !== null)));
    return patients;
  }

  /** For another system, whose scope says which patients it may touch. */
  private async loadInScope({ actor }: RequestContext, ids: readonly string[]): Promise<(Patient | null)[]> {
    const values: unknown[] = [ids];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const access = this.base.policy.patientCondition(actor, 'PATIENT_READ', 't.id', bind) ?? 'true';
    const rows = await this.select(`WHERE t.id = ANY($1::uuid[]) AND t.deleted_at IS NULL AND ${access}`, values);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
  }

  /** A row of its own for each question, also when two ask for the same patient: what is opened is noted by request. */
  private async loadAsked(asked: readonly Asked[]): Promise<(Patient | null)[]> {
    const rows: (Patient | { id: null })[] = await this.reader.many(this.askedSql, [
      asked.map(({ id }) => id),
      asked.map(({ viewer }) => viewer),
      asked.map(({ grant }) => grant),
      asked.map(({ deletedToo }) => deletedToo),
    ]);
    return rows.map((row) => (row.id === null ? null : (row as Patient)));
  }
}

/** A question for one patient by one request. */
interface Asked {
  id: string;
  /** Who looks; null for those who may see all. */
  viewer: string | null;
  /** The grant by which the viewer has broken the glass on this patient, if any. */
  grant: string | null;
  deletedToo: boolean;
}
