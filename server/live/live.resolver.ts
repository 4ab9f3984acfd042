import { ArgumentValidationError, Arg, Ctx, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { validate } from 'class-validator';
import { AuditEntry, AuditFilter } from '../audit';
import { demandId } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { badInput } from '../graphql/errors';
import { Patient, PatientRepository } from '../patients';
import type { LiveContext } from './live-context';

interface EntriesArgs {
  filter?: AuditFilter | null;
  after?: number | null;
}

interface ChangesArgs {
  patientId: string;
  byOthers: boolean;
}

/** Arguments are checked here as well: TypeGraphQL hands them to `subscribe` as they came. */
async function filterOf({ filter }: EntriesArgs): Promise<AuditFilter> {
  const wanted = Object.assign(new AuditFilter(), filter);
  const faults = await validate(wanted, { forbidUnknownValues: false });
  if (faults.length > 0) throw new ArgumentValidationError(faults);
  return wanted;
}

/** What is told as it happens. Each event is run as an operation of its own, so each is authorised and entered anew. */
@Resolver()
export class LiveResolver {
  constructor(private readonly patients: PatientRepository) {}

  @Subscription(() => AuditEntry, {
    description: 'Entries of the audit log this person may see, as they are sealed, in the order of the log.',
    async subscribe({ args, context }: { args: EntriesArgs; context: LiveContext }) {
      const { after = null } = args;
      if (after !== null && after < -1)
        throw badInput('after', 'An entry has a number from 0; -1 stands before the first.');
      return context.feeds.entries(context, await filterOf(args), after);
    },
  })
  auditEntryAdded(
    @Root() entry: AuditEntry,
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Narrows the log.' }) _filter: AuditFilter | null,
    @Arg('after', () => Int, {
      nullable: true,
      description:
        'Index of the last entry seen: those since come first, up to 10,000. Without it, what is sealed from now on.',
    })
    _after: number | null,
  ): AuditEntry {
    return entry;
  }

  @Subscription(() => Patient, {
    description:
      'A patient’s record each time something of it was written; ends with an error once this person may not see it.',
    async subscribe({ args, context }: { args: ChangesArgs; context: LiveContext }) {
      return context.feeds.changes(context, demandId(args.patientId, 'patientId'), args.byOthers);
    },
  })
  patientChanged(
    @Ctx() context: RequestContext,
    @Root() changed: string,
    @Arg('patientId', () => ID, { description: 'Which patient.' }) _patientId: string,
    @Arg('byOthers', { defaultValue: false, description: 'Leave out what this very session writes.' })
    _byOthers: boolean,
  ): Promise<Patient> {
    return this.patients.get(context, changed);
  }
}
