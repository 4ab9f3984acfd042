import { Field, Int, ObjectType } from 'type-graphql';
import type { Foundation } from '../access/foundation';
import { badInput } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { Patient, type PatientRepository } from '../patients';
import { GROUP } from './merge.entity';
import { PatientField, patientFields } from './merge.inputs';
import { differing } from './merge.undo';
import { demandStanding } from './record-pair';

@ObjectType({ description: 'How much a record holds.' })
export class RecordHoldings {
  @Field(() => Int, { description: 'Visits.' })
  visits!: number;

  @Field(() => Int, { description: 'Treatment updates.' })
  treatmentUpdates!: number;

  @Field(() => Int, { description: 'People on the care team now.' })
  careTeam!: number;
}

@ObjectType({ description: 'Two records side by side, before they are merged.' })
export class MergePreview {
  @Field(() => Patient, { description: 'The record that would be kept.' })
  keep!: Patient;

  @Field(() => Patient, { description: 'The duplicate that would be hidden.' })
  merge!: Patient;

  @Field(() => [PatientField], { description: 'Fields in which they differ: one of both values is to be chosen.' })
  differing!: PatientField[];

  @Field(() => RecordHoldings, { description: 'What hangs on the record that would be kept.' })
  keepHolds!: RecordHoldings;

  @Field(() => RecordHoldings, { description: 'What would follow to it from the duplicate.' })
  mergeHolds!: RecordHoldings;
}

const HOLDINGS = `SELECT (SELECT count(*)::int FROM visit WHERE patient_id = p.id) AS visits,
    (SELECT count(*)::int FROM treatment_update WHERE patient_id = p.id) AS "treatmentUpdates",
    (SELECT count(DISTINCT user_id)::int FROM care_team_now WHERE patient_id = p.id) AS "careTeam"
  FROM unnest($1::uuid[]) WITH ORDINALITY AS p (id, place) ORDER BY p.place`;

/** Shows what a merge would do. */
export class MergePreviews {
  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
  ) {}

  /** Throws NOT_FOUND for who is not there, BAD_USER_INPUT for the same record twice, and for one deleted or merged. */
  async of(context: RequestContext, keepId: string, mergeId: string): Promise<MergePreview> {
    this.base.policy.demand(context.actor, 'PATIENT_MERGE');
    if (keepId.toLowerCase() === mergeId.toLowerCase())
      throw badInput('mergeId', 'A record cannot be merged with itself.');
    const [keep, merge] = [
      await this.standing(context, keepId, 'keepId'),
      await this.standing(context, mergeId, 'mergeId'),
    ];
    const [keepHolds, mergeHolds] = await this.base.dataSource.query<RecordHoldings[]>(HOLDINGS, [[keep.id, merge.id]]);
    for (const { id } of [keep, merge]) context.note(id, GROUP);
    const shown = { keep, merge, keepHolds, mergeHolds, differing: differing(keep, merge, patientFields) };
    return Object.assign(new MergePreview(), shown);
  }

  private async standing(context: RequestContext, id: string, path: string): Promise<Patient> {
    const patient = await this.patients.get(context, id);
    await demandStanding(this.base.dataSource.manager, patient, path);
    return patient;
  }
}
