import type { Foundation } from '../access/foundation';
import type { Identity } from '../identity';
import type { Generations, PatientRepository } from '../patients';
import { FindingsRepository } from './findings.repository';
import { Judge, type RuleSettings } from './judge';
import { ReviewService } from './review.service';
import { SnoopingResolver } from './snooping.resolver';
import { StaffLikenesses } from './staff-likenesses';
import { SnoopingWatch } from './watch';

export { SnoopingFinding } from './finding.entity';

/** The rules over the log and their queue, put together. */
export interface Snooping {
  /** Each resolver with the services it speaks for, for the schema's container. */
  readonly resolvers: readonly object[];
  readonly judge: Judge;
  readonly watch: SnoopingWatch;
}

/** What the rules go by. */
export interface SnoopingRules {
  settings: RuleSettings;
  /** Off: nobody has a care team, so lacking one says nothing. */
  careTeam: boolean;
}

/** Puts the parts together; accounts written from now on bring what they are compared by. */
export function createSnooping(
  base: Foundation,
  parts: { identity: Identity; patients: PatientRepository; generations: Generations } & SnoopingRules,
): Snooping {
  const { identity, patients, generations, ...rules } = parts;
  const staff = new StaffLikenesses(base, identity.users, generations);
  identity.accounts.observe((manager, user) => staff.put(manager, user));
  const findings = new FindingsRepository(base);
  const judge = new Judge({ base, generations, staff, ...rules });
  return {
    judge,
    resolvers: [new SnoopingResolver(findings, new ReviewService(base, findings), patients, identity.staff)],
    watch: new SnoopingWatch(base, judge),
  };
}
