import { IsDate, IsEnum, IsOptional } from 'class-validator';
import { Field, InputType } from 'type-graphql';
import { Id, OptionalText } from '../graphql/input-fields';
import { DateTime } from '../graphql/scalars';
import { CareRole } from './care-team.entity';

@InputType({ description: 'A patient and a member of staff. Role, end and reason are said when somebody is put on.' })
export class CareTeamInput {
  @Id('Which patient.')
  patientId!: string;

  @Id('Which member of staff.')
  userId!: string;

  @Field(() => CareRole, { nullable: true, description: 'As what. Somebody already on the team changes to it.' })
  @IsOptional()
  @IsEnum(CareRole)
  careRole?: CareRole | null;

  @Field(() => DateTime, { nullable: true, description: 'When the place ends by itself; open when nothing is said.' })
  @IsOptional()
  @IsDate()
  until?: Date | null;

  @OptionalText('Why; kept sealed with the record.', 500)
  reason?: string | null;
}
