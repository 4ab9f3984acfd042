import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { moment } from '../database/moment';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import { badInput, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { newId } from '../platform/ids';
import { CareTeamPlace } from './care-team.entity';
import type { CareTeamInput } from './care-team.inputs';
import type { Patient } from './patient.entity';
import type { PatientRepository } from './patient.repository';

/** Who cares for whom, from when to when: the relation that access to patients hangs on. */
export class CareTeam {
  private readonly reader: Reader<CareTeamPlace>;

  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
  ) {
    this.reader = new Reader(base.dataSource, CareTeamPlace);
  }

  /**
   * Puts an active member of staff on the team. Whoever is on it already changes to another role or end where one is given:
   * the place so far is closed and stays as history. Otherwise nothing is written.
   */
  async add(context: RequestContext, input: CareTeamInput): Promise<Patient> {
    const patientId = await this.base.dataSource.transaction(async (manager) => {
      const patient = await this.patients.lock(context, manager, input.patientId, 'CARE_TEAM_WRITE');
      const userId = await activeColleague(manager, input.userId);
      const now = await moment(manager);
      if (input.until && input.until <= now) throw badInput('until', 'A place ends in the future.');
      const current = await this.current(manager, patient.id, userId);
      if (current.some((place) => isAsWanted(place, input))) return patient.id;
      await this.close(context, manager, current, now);
      await this.open(context, manager, { ...input, patientId: patient.id, userId }, now);
      return patient.id;
    });
    this.places(context).clear(patientId);
    return this.patients.get(context, patientId);
  }

  /** Ends somebody's place on the team from this moment on; not being there changes nothing. */
  async remove(context: RequestContext, input: CareTeamInput): Promise<Patient> {
    return this.base.dataSource.transaction(async (manager) => {
      const { id } = await this.patients.lock(context, manager, input.patientId, 'CARE_TEAM_WRITE');
      const patient = await this.patients.get(context, id); // before: whoever leaves the team sees the answer of leaving it
      const current = await this.current(manager, id, input.userId);
      await this.close(context, manager, current, await moment(manager));
      this.places(context).clear(id);
      return patient;
    });
  }

  /** Places on a patient's team that hold now, oldest first; batched within a request. */
  placesOf(context: RequestContext, patientId: string): Promise<CareTeamPlace[]> {
    return this.places(context).load(patientId);
  }

  /** Every place there is or was on a patient's team, oldest first. */
  historyOf(patientId: string): Promise<CareTeamPlace[]> {
    return this.select('WHERE t.patient_id = ANY($1::uuid[]) ORDER BY t.since, t.id', [[patientId]]);
  }

  private async current(manager: EntityManager, patientId: string, userId: string): Promise<CareTeamPlace[]> {
    return this.select(
      'JOIN care_team_now n ON n.id = t.id WHERE t.patient_id = $1 AND t.user_id = $2 ORDER BY t.id',
      [patientId, userId],
      manager,
    );
  }

  private async open(
    context: RequestContext,
    manager: EntityManager,
    input: CareTeamInput,
    since: Date,
  ): Promise<void> {
    const { patientId, userId, careRole = null, until = null, reason = null } = input;
    const addedBy = context.actor.id;
    const made = { id: newId(), patientId, userId, since, until, careRole, addedBy, closedBy: null };
    const place = Object.assign(new CareTeamPlace(), made);
    place.reason = reason;
    await manager.insert(CareTeamPlace, place);
  }

  private async close(
    context: RequestContext,
    manager: EntityManager,
    places: CareTeamPlace[],
    now: Date,
  ): Promise<void> {
    for (const place of places) {
      Object.assign(place, { until: now, closedBy: context.actor.id });
      await manager.save(place, { reload: false });
    }
  }

  private places(context: RequestContext): DataLoader<string, CareTeamPlace[]> {
    return context.once(this, () => new DataLoader((ids: readonly string[]) => this.load(ids)));
  }

  private async load(patientIds: readonly string[]): Promise<CareTeamPlace[][]> {
    const rows = await this.select(
      'JOIN care_team_now n ON n.id = t.id WHERE t.patient_id = ANY($1::uuid[]) ORDER BY t.since, t.id',
      [patientIds],
    );
    return patientIds.map((id) => rows.filter((row) => row.patientId === id));
  }

  private async select(rest: string, values: unknown[], manager?: EntityManager): Promise<CareTeamPlace[]> {
    const rows = await this.reader.many(rest, values, manager);
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }
}

/** The id of somebody who can be on a team. Throws NOT_FOUND for nobody, BAD_USER_INPUT for who treats nobody. */
async function activeColleague(manager: EntityManager, id: string): Promise<string> {
  const [user] = await manager.query<{ id: string; active: boolean; role: string }[]>(
    'SELECT id, active, role FROM app_user WHERE id = $1',
    [id],
  );
  if (!user) throw notFound('member of staff');
  if (user.active && treatingRoles.includes(user.role)) return user.id;
  throw badInput('userId', 'Only active treating staff can care for a patient.');
}

/** What is not said stays as it is. */
function isAsWanted(place: CareTeamPlace, { careRole, until }: CareTeamInput): boolean {
  const sameRole = careRole === undefined || careRole === place.careRole;
  return sameRole && (until === undefined || until?.getTime() === place.until?.getTime());
}

const treatingRoles = ['DOCTOR', 'CLINICIAN', 'NURSE', 'ADMIN'];
