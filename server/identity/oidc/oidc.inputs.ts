import { InputType } from 'type-graphql';
import { ExpectedVersion, Id } from '../../graphql/input-fields';

@InputType({ description: 'Whose password here to remove.' })
export class RemovePasswordInput {
  @Id('Which account; one that has signed in by the hospital’s own sign-in service.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;
}
