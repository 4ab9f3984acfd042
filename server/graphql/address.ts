import { ArrayMaxSize, ArrayMinSize, IsOptional, Length, MaxLength } from 'class-validator';
import { Field, InputType, ObjectType } from 'type-graphql';

/** A postal address (FHIR Address). */
@ObjectType({ description: 'A postal address.' })
@InputType('AddressInput', { description: 'A postal address.' })
export class Address {
  @Field(() => [String], { description: 'Street lines.' })
  @ArrayMinSize(0)
  @ArrayMaxSize(6)
  @Length(1, 200, { each: true })
  line!: string[];

  @Field(() => String, { nullable: true, description: 'Town or city.' })
  @IsOptional()
  @MaxLength(100)
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'State, county or region.' })
  @IsOptional()
  @MaxLength(100)
  state?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  @IsOptional()
  @MaxLength(20)
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Country, as written or as ISO 3166 code.' })
  @IsOptional()
  @MaxLength(100)
  country?: string | null;
}
