import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { StepUpInput } from './step-up.inputs';
import { StepUpService } from './step-up.service';

@Resolver()
export class StepUpResolver {
  constructor(private readonly service: StepUpService) {}

  @Mutation(() => Boolean, {
    complexity: 1000,
    description:
      'Proves oneself again (second factor, else password): this session may do grave acts (erasing, keys) for five minutes.',
  })
  stepUp(@Ctx() context: RequestContext, @Arg('input', () => StepUpInput, inputIs) input: StepUpInput) {
    return this.service.stepUp(context, input);
  }
}
