import { Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Gender } from '../patients';
import { DemographicsService } from './demographics.service';

@ObjectType({ description: 'How many patients of one gender are in one band.' })
export class DemographicCell {
  @Field({ description: 'Name of the band, such as 20-39.' })
  label!: string;

  @Field(() => Int, { nullable: true, description: 'Youngest age in it; null when open or unknown.' })
  from!: number | null;

  @Field(() => Int, { nullable: true, description: 'Oldest age in it; null when open or unknown.' })
  to!: number | null;

  @Field(() => Gender, { description: 'The gender counted.' })
  gender!: Gender;

  @Field(() => Int, { nullable: true, description: 'How many; null when 1 to 4 and therefore hidden.' })
  count!: number | null;
}

@ObjectType('Demographics', { description: 'Living patients of the hospital by age and gender.' })
export class DemographicsView {
  @Field(() => [DemographicCell], { description: 'Under 20, 20-39, 40-59, 60 and over, unknown.' })
  ageBands!: DemographicCell[];

  @Field(() => [DemographicCell], { description: 'In ten-year steps.' })
  decades!: DemographicCell[];

  @Field(() => [DemographicCell], { description: 'By gender alone.' })
  genders!: DemographicCell[];

  @Field(() => Int, { description: 'All of them.' })
  total!: number;
}

@Resolver()
export class DemographicsResolver {
  constructor(private readonly demographics: DemographicsService) {}

  @Query(() => DemographicsView, {
    name: 'demographics',
    complexity: 20,
    description: 'Age and gender distribution; small groups are hidden.',
  })
  read() {
    return this.demographics.read();
  }
}
