import { Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../graphql/context';
import { AuditService } from './audit.service';
import { AuditEntriesArgs, AuditEntryConnection, AuditLogStatus } from './audit.types';

@Resolver()
export class AuditResolver {
  constructor(private readonly service: AuditService) {}

  @Query(() => AuditEntryConnection, { description: 'Entries of the audit log this person may see, newest first.' })
  auditEntries(@Ctx() context: RequestContext, @Args(() => AuditEntriesArgs) args: AuditEntriesArgs) {
    return this.service.entries(context, args);
  }

  @Query(() => AuditLogStatus, {
    description: 'The state of the audit log: size, checkpoint, and up to where it verified.',
  })
  auditLog() {
    return this.service.status();
  }

  @Mutation(() => AuditLogStatus, { description: 'Verifies the whole log now and answers its state.' })
  verifyAuditLog() {
    return this.service.verify();
  }
}
