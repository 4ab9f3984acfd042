import { Length, MaxLength } from 'class-validator';
import { Field, InputType } from 'type-graphql';
import { Id } from '../../graphql/input-fields';

@InputType({ description: 'Which patient to erase for good, and why.' })
export class ErasePatientInput {
  @Id('Which patient.')
  id!: string;

  @Field({ description: 'Why; kept sealed, apart from the record. Name nobody.' })
  @Length(3, 1000)
  reason!: string;

  @Field({ description: 'The patient’s medical record number, typed once more: the wrong one erases nobody.' })
  @MaxLength(100)
  confirmMrn!: string;
}
