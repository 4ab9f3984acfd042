import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { DateTime } from '../graphql/scalars';
import { KeysService } from './keys.service';
import {
  DataKeyConnection,
  DataKeyCounts,
  DataKeysArgs,
  KeyEpoch,
  KeyJob,
  KeyringView,
  ResealInput,
  SealedColumnCount,
  SearchGeneration,
} from './keys.types';

@Resolver(() => KeyringView)
export class KeysResolver {
  constructor(private readonly service: KeysService) {}

  @Query(() => KeyringView, { complexity: 20, description: 'The keys that seal the records.' })
  keyring(@Ctx() context: RequestContext) {
    return this.service.keyring(context);
  }

  @FieldResolver(() => [KeyEpoch], { description: 'Key-encryption keys, oldest first; two while a rotation runs.' })
  epochs() {
    return this.service.epochs();
  }

  @FieldResolver(() => [SealedColumnCount], { description: 'Every sealed column, as last counted.' })
  async columns(@Ctx() context: RequestContext) {
    return (await this.service.census(context)).columns;
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When the columns were last counted.' })
  async countedAt(@Ctx() context: RequestContext) {
    return (await this.service.census(context)).countedAt;
  }

  @FieldResolver(() => DataKeyCounts, { description: 'Data keys in figures.' })
  dataKeys() {
    return this.service.dataKeyCounts();
  }

  @FieldResolver(() => [SearchGeneration], {
    description: 'Search indexes, newest first; two while one is built anew.',
  })
  generations() {
    return this.service.generations();
  }

  @FieldResolver(() => KeyJob, { nullable: true, description: 'The job that runs, or the last one.' })
  job() {
    return this.service.job();
  }

  @FieldResolver(() => DataKeyConnection, { description: 'Data keys, oldest first.' })
  keys(@Args(() => DataKeysArgs) args: DataKeysArgs) {
    return this.service.dataKeys(args);
  }

  @Mutation(() => KeyJob, {
    complexity: 1000,
    description: 'Makes a new key epoch and wraps every data key anew. Wants a step-up.',
  })
  rotateKeys(@Ctx() context: RequestContext) {
    return this.service.begin(context, 'ROTATE');
  }

  @Mutation(() => KeyJob, { complexity: 1000, description: 'Seals records anew under new data keys. Wants a step-up.' })
  resealRecords(@Ctx() context: RequestContext, @Arg('input', () => ResealInput, inputIs) input: ResealInput) {
    return this.service.reseal(context, input);
  }

  @Mutation(() => KeyJob, {
    complexity: 1000,
    description: 'Builds the search index anew under a new key. Wants a step-up.',
  })
  rotateIndexKey(@Ctx() context: RequestContext) {
    return this.service.begin(context, 'REINDEX');
  }
}
