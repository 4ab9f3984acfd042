import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { demandId, inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { StaffDirectory, StaffMember } from '../identity';
import { Patient, PatientRepository } from '../patients';
import { PatientMerge } from './merge.entity';
import { MergePatientsInput, PatientField, UnmergePatientsInput } from './merge.inputs';
import { MergePreview, MergePreviews } from './merge.preview';
import { MergeRepository } from './merge.repository';
import { MergeService } from './merge.service';
import { UnmergeService } from './unmerge.service';

@ObjectType({ description: 'Two records merged.' })
export class MergePatientsPayload {
  @Field(() => Patient, { description: 'The record that was kept, with everything of both.' })
  patient!: Patient;

  @Field(() => PatientMerge, { description: 'What was done; it can be undone.' })
  merge!: PatientMerge;
}

@ObjectType({ description: 'Merged records taken apart again.' })
export class UnmergePatientsPayload {
  @Field(() => Patient, {
    description: 'The record that had been kept, as it was before but for what was written since.',
  })
  kept!: Patient;

  @Field(() => Patient, { description: 'The record that had been merged, as it was.' })
  restored!: Patient;

  @Field(() => [PatientField], {
    description: 'Fields of the kept record that somebody changed since the merge: they stay.',
  })
  fieldsStayed!: PatientField[];

  @Field(() => Int, { description: 'Visits written since the merge: they stay with the kept record.' })
  visitsStayed!: number;

  @Field(() => Int, { description: 'Treatment updates written since the merge that stay with the kept record.' })
  treatmentUpdatesStayed!: number;
}

@Resolver(() => PatientMerge)
export class MergeResolver {
  constructor(
    private readonly previews: MergePreviews,
    private readonly merging: MergeService,
    private readonly unmerging: UnmergeService,
    private readonly patients: PatientRepository,
    private readonly staff: StaffDirectory,
  ) {}

  @Query(() => MergePreview, { complexity: 50, description: 'Two records side by side, and what a merge would do.' })
  mergePreview(
    @Ctx() context: RequestContext,
    @Arg('keepId', () => ID, { description: 'The record to keep.' }) keepId: string,
    @Arg('mergeId', () => ID, { description: 'The duplicate.' }) mergeId: string,
  ) {
    return this.previews.of(context, demandId(keepId, 'keepId'), demandId(mergeId, 'mergeId'));
  }

  @Mutation(() => MergePatientsPayload, {
    complexity: 500,
    description: 'Merges a duplicate record into another; wants `stepUp`. `unmergePatients` takes it back.',
  })
  async mergePatients(
    @Ctx() context: RequestContext,
    @Arg('input', () => MergePatientsInput, inputIs) input: MergePatientsInput,
  ): Promise<MergePatientsPayload> {
    const merge = await this.merging.merge(context, input);
    return { merge, patient: await this.patients.get(context, merge.keptId) };
  }

  @Mutation(() => UnmergePatientsPayload, {
    complexity: 500,
    description: 'Undoes the newest merge of a patient; wants `stepUp`. Both records are as they were before it.',
  })
  unmergePatients(
    @Ctx() context: RequestContext,
    @Arg('input', () => UnmergePatientsInput, inputIs) input: UnmergePatientsInput,
  ): Promise<UnmergePatientsPayload> {
    return this.unmerging.unmerge(context, input);
  }

  @FieldResolver(() => StaffMember, { nullable: true, description: 'Who merged them; null for the system itself.' })
  mergedBy(@Ctx() context: RequestContext, @Root() merge: PatientMerge) {
    return this.staff.find(context, merge.mergedBy);
  }
}

@Resolver(() => Patient)
export class PatientMergesResolver {
  constructor(private readonly repository: MergeRepository) {}

  @FieldResolver(() => [PatientMerge], { description: 'Records merged into this one, the newest first.' })
  merges(@Ctx() context: RequestContext, @Root() patient: Patient) {
    return this.repository.ofPatient(context, patient.id);
  }
}
