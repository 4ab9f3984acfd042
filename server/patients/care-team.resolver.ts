import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { DateTime } from '../graphql/scalars';
import { StaffDirectory, StaffMember } from '../identity';
import { CareTeam } from './care-team';
import { CareRole, CareTeamPlace } from './care-team.entity';
import { CareTeamInput } from './care-team.inputs';
import { Patient } from './patient.entity';

@ObjectType({ description: 'Somebody’s place on a patient’s care team.' })
export class CareTeamMember {
  constructor(
    private readonly place: CareTeamPlace,
    user: StaffMember,
    addedBy: StaffMember | null,
  ) {
    this.user = user;
    this.addedBy = addedBy;
  }

  @Field(() => ID, { description: 'Names this place in the log.' })
  get id(): string {
    return this.place.id;
  }

  @Field(() => StaffMember, { description: 'Who.' })
  user: StaffMember;

  @Field(() => CareRole, { nullable: true, description: 'As what; null when nobody said.' })
  get careRole(): CareRole | null {
    return this.place.careRole;
  }

  @Field(() => DateTime, { description: 'Since when.' })
  get since(): Date {
    return this.place.since;
  }

  @Field(() => DateTime, { nullable: true, description: 'When the place ends or ended; null while it is open.' })
  get until(): Date | null {
    return this.place.until;
  }

  @Field(() => StaffMember, { nullable: true, description: 'Who put them on it; null for who registered the patient.' })
  addedBy: StaffMember | null;

  @Field(() => String, { nullable: true, description: 'Why, if a reason was given.' })
  get reason(): string | null {
    return this.place.reason;
  }
}

@Resolver(() => Patient)
export class CareTeamResolver {
  constructor(
    private readonly team: CareTeam,
    private readonly staff: StaffDirectory,
  ) {}

  @Mutation(() => Patient, {
    description:
      'Puts somebody on a patient’s care team, for good or until a moment, or changes as what they are on it.',
  })
  addCareTeamMember(@Ctx() context: RequestContext, @Arg('input', () => CareTeamInput, inputIs) input: CareTeamInput) {
    return this.team.add(context, input);
  }

  @Mutation(() => Patient, { description: 'Ends somebody’s place on a patient’s care team now.' })
  removeCareTeamMember(
    @Ctx() context: RequestContext,
    @Arg('input', () => CareTeamInput, inputIs) input: CareTeamInput,
  ) {
    return this.team.remove(context, input);
  }

  @FieldResolver(() => [CareTeamMember], { description: 'Who cares for the patient now.' })
  async careTeam(@Ctx() context: RequestContext, @Root() patient: Patient) {
    context.note(patient.id, 'careTeam');
    return this.members(context, await this.team.placesOf(context, patient.id));
  }

  @FieldResolver(() => [CareTeamMember], { description: 'Who cares or has cared for the patient, oldest place first.' })
  async careTeamHistory(@Ctx() context: RequestContext, @Root() patient: Patient) {
    context.note(patient.id, 'careTeam');
    return this.members(context, await this.team.historyOf(patient.id));
  }

  private members(context: RequestContext, places: readonly CareTeamPlace[]): Promise<CareTeamMember[]> {
    return Promise.all(
      places.map(async (place) => {
        const [user, addedBy] = await Promise.all([
          this.staff.find(context, place.userId),
          this.staff.find(context, place.addedBy),
        ]);
        return new CareTeamMember(place, user!, addedBy); // accounts are never deleted
      }),
    );
  }
}
