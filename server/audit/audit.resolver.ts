import { Arg, Args, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../graphql/context';
import { AuditService } from './audit.service';
import { AuditEntriesArgs } from './audit.inputs';
import { AuditConsistency, AuditEntryConnection, AuditLogStatus, AuditProof } from './audit.types';

@Resolver()
export class AuditResolver {
  constructor(private readonly service: AuditService) {}

  @Query(() => AuditEntryConnection, {
    complexity: 20,
    description: 'Entries of the audit log this person may see, newest first unless asked for otherwise.',
  })
  auditEntries(@Ctx() context: RequestContext, @Args(() => AuditEntriesArgs) args: AuditEntriesArgs) {
    return this.service.entries(context, args);
  }

  @Query(() => AuditLogStatus, {
    description: 'The state of the audit log: size, checkpoint, and up to where it verified.',
  })
  auditLog() {
    return this.service.status();
  }

  @Query(() => AuditProof, {
    complexity: 50,
    description: 'Proves that an entry is in the log the newest checkpoint of its shard speaks of.',
  })
  auditProof(
    @Ctx() context: RequestContext,
    @Arg('index', () => Int, { description: 'Place of the entry.' }) index: number,
  ) {
    return this.service.proof(context, index);
  }

  @Query(() => AuditConsistency, {
    complexity: 50,
    description: 'Proves that the log of one size goes on from the log of a smaller one.',
  })
  auditConsistency(
    @Ctx() context: RequestContext,
    @Arg('from', () => Int, { description: 'Entries of the earlier log.' }) from: number,
    @Arg('to', () => Int, { description: 'Entries of the later log.' }) to: number,
    @Arg('origin', () => String, {
      nullable: true,
      description: 'First line of the checkpoints, when they are of a shard that is closed; left out: the open one.',
    })
    origin?: string,
  ) {
    return this.service.consistency(context, { from, to, origin: origin ?? undefined });
  }

  @Mutation(() => AuditLogStatus, {
    complexity: 1000,
    description: 'Verifies the whole log now and answers its state.',
  })
  verifyAuditLog() {
    return this.service.verify();
  }
}
