import DataLoader from 'dataloader';
import type { Foundation } from '../access/foundation';
import { demandId } from '../graphql/arguments';
import { badInput, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { newId } from '../platform/ids';
import { CareTeamPlace, type Patient } from './patient.entity';
import type { CareTeamInput } from './patient.inputs';
import type { PatientRepository } from './patient.repository';

/** Who cares for whom: the relation that access to patients hangs on. */
export class CareTeam {
  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
  ) {}

  /** Puts an active member of staff on the team; already there changes nothing. */
  async add(context: RequestContext, input: CareTeamInput): Promise<Patient> {
    const { dataSource, clock } = this.base;
    const patientId = await dataSource.transaction(async (manager) => {
      const patient = await this.patients.lock(context, manager, input.patientId, 'CARE_TEAM_WRITE');
      const [user] = await manager.query<{ id: string; active: boolean; role: string }[]>(
        'SELECT id, active, role FROM app_user WHERE id = $1',
        [input.userId],
      );
      if (!user) throw notFound('member of staff');
      if (!user.active || !treatingRoles.includes(user.role))
        throw badInput('userId', 'Only active treating staff can care for a patient.');
      const place = { patientId: patient.id, userId: user.id };
      if (await manager.existsBy(CareTeamPlace, place)) return patient.id;
      await manager.insert(
        CareTeamPlace,
        Object.assign(new CareTeamPlace(), { id: newId(), since: clock.now(), ...place }),
      );
      return patient.id;
    });
    return this.reloaded(context, patientId);
  }

  /** Takes somebody off the team; not being there changes nothing. */
  async remove(context: RequestContext, input: CareTeamInput): Promise<Patient> {
    const patient = await this.patients.get(context, demandId(input.patientId, 'patientId'));
    await this.base.dataSource.transaction(async (manager) => {
      await this.patients.lock(context, manager, input.patientId, 'CARE_TEAM_WRITE');
      const place = await manager.findOneBy(CareTeamPlace, { patientId: input.patientId, userId: input.userId });
      if (place) await manager.remove(place);
    });
    this.loader(context).clear(patient.id);
    return patient; // loaded before: whoever leaves the team sees the answer of leaving it
  }

  /** Places on a patient's team, oldest first; batched within a request. */
  placesOf(context: RequestContext, patientId: string): Promise<CareTeamPlace[]> {
    return this.loader(context).load(patientId);
  }

  private async reloaded(context: RequestContext, patientId: string): Promise<Patient> {
    this.loader(context).clear(patientId);
    return this.patients.get(context, patientId);
  }

  private loader(context: RequestContext): DataLoader<string, CareTeamPlace[]> {
    return context.once(this, () => new DataLoader((ids: readonly string[]) => this.load(ids)));
  }

  private async load(patientIds: readonly string[]): Promise<CareTeamPlace[][]> {
    const rows = await this.base.dataSource
      .getRepository(CareTeamPlace)
      .createQueryBuilder('m')
      .where('m.patient_id = ANY(:ids)', { ids: patientIds })
      .orderBy('m.since')
      .getMany();
    return patientIds.map((id) => rows.filter((row) => row.patientId === id));
  }
}

const treatingRoles = ['DOCTOR', 'CLINICIAN', 'NURSE', 'ADMIN'];
