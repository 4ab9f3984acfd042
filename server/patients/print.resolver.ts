import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { Id } from '../graphql/input-fields';
import { DateTime } from '../graphql/scalars';
import { Printing } from './printing';

@InputType({ description: 'Whose record is about to be printed.' })
export class PrintRecordInput {
  @Id('Which patient.')
  patientId!: string;
}

@ObjectType({ description: 'What a printed page says about its printing.' })
export class PrintNote {
  @Field(() => DateTime, { description: 'When it was printed, by the server’s clock.' })
  at!: Date;
}

@Resolver()
export class PrintResolver {
  constructor(private readonly printing: Printing) {}

  @Mutation(() => PrintNote, {
    description: 'Notes in the log that a patient’s record is printed; call it before printing.',
  })
  async printRecord(
    @Ctx() context: RequestContext,
    @Arg('input', () => PrintRecordInput, inputIs) { patientId }: PrintRecordInput,
  ): Promise<PrintNote> {
    return { at: await this.printing.note(context, patientId) };
  }
}
