import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { inputIs } from '../../graphql/arguments';
import type { RequestContext } from '../../graphql/context';
import { ErasureCertificate } from './erasure.entity';
import { ErasePatientInput } from './erasure.inputs';
import { ErasureService } from './erasure.service';

@Resolver()
export class ErasureResolver {
  constructor(private readonly service: ErasureService) {}

  @Mutation(() => ErasureCertificate, {
    complexity: 500,
    description: 'Erases a patient for good by destroying the keys of the record; wants stepUp. Cannot be taken back.',
  })
  erasePatient(
    @Ctx() context: RequestContext,
    @Arg('input', () => ErasePatientInput, inputIs) input: ErasePatientInput,
  ) {
    return this.service.erase(context, input);
  }
}
