import { ChartsealError, forbidden, mustEnrol, unauthenticated } from '../graphql/errors';
import type { Actor, RequestContext } from '../graphql/context';
import { systemClock, type Clock } from '../platform/clock';
import { reachFor, reachOf, type Permission, type Reach } from './permissions';
import { inScope, near, notConfidential, type Bind } from './reach-sql';

/** How long a proof given again is good for grave acts, in milliseconds: enough for one, too short for whoever comes after. */
const STEP_UP_MS = 5 * 60 * 1000;

/**
 * Row-level access: which patients a person may touch. It is decided here once, as SQL that every query of patients
 * carries, so that PostgreSQL's clock ends a place on a care team and a broken glass to the moment.
 */
export class AccessPolicy {
  /** @param careTeamOn false (CARE_TEAM=off) drops the care-team condition but for confidential patients; roles still hold */
  constructor(
    private readonly careTeamOn: boolean,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * SQL condition on the patient id in `column`, true for patients this actor may touch. Null when no condition is needed.
   * Throws FORBIDDEN when the role lacks the permission.
   *
   * @param beyond where a page begins, such as `< $3`; see `onCareTeam`
   */
  patientCondition(actor: Actor, permission: Permission, column: string, bind: Bind, beyond?: string): string | null {
    const reach = this.reachOf(actor, permission);
    if (reach === 'all') return null;
    if (reach === 'scope') return inScope(column, actor.scope?.patients ?? null, bind);
    const within = near(column, bind(actor.id), reach === 'ownTeam' ? null : grantsOf(actor, bind), beyond);
    return this.careTeamOn ? within : `(${notConfidential(column)} OR ${within})`;
  }

  /**
   * The same for PATIENT_READ as fixed text, for one statement that asks for many: columns hold the viewer (null: all is
   * allowed) and the one grant the viewer has on this patient, if any.
   */
  readCondition(column: string, viewer: string, grant: string): string {
    const within = near(column, viewer, `ARRAY[${grant}]`);
    return `(${viewer} IS NULL OR ${this.careTeamOn ? within : `${notConfidential(column)} OR ${within}`})`;
  }

  /** Who looks, as `readCondition` wants to know it: null for those who may read all. Throws FORBIDDEN without PATIENT_READ. */
  viewerOf(actor: Actor): string | null {
    return this.reachOf(actor, 'PATIENT_READ') === 'all' ? null : actor.id;
  }

  /** The refusal of a patient in the care of others: one may break the glass where a grant would give this permission. */
  refusal(actor: Actor, permission: Permission): ChartsealError {
    const helps = reachOf(actor.role, permission) === 'careTeam' && reachOf(actor.role, 'BREAK_GLASS') !== null;
    if (!helps) return forbidden('This patient is in the care of others.');
    return new ChartsealError('BREAK_GLASS_AVAILABLE', 'This patient is in the care of others.');
  }

  /** Demands the permission for a record of this author; `own` reach means nobody else's. */
  demandOwn(actor: Actor, permission: Permission, author: string | null): void {
    const reach = this.reachOf(actor, permission);
    if (reach === 'own' && author !== actor.id) throw forbidden('Only whoever wrote it may do this.');
  }

  /**
   * Demands that nobody else acts in this request: what somebody did and was shown in it must not be entered as another's,
   * who signed in at the end of it. Throws FORBIDDEN.
   */
  demandSelf(actor: Actor, userId: string | null): void {
    if (actor.id !== null && actor.id !== userId) throw forbidden('Somebody else acts in this request.');
  }

  demand(actor: Actor, permission: Permission): void {
    this.reachOf(actor, permission);
  }

  /**
   * Demands that this session proved itself again (`stepUp`) within five minutes; the system itself need not. Throws
   * MFA_REQUIRED otherwise.
   */
  demandStepUp({ actor }: RequestContext): void {
    if (actor.kind === 'system') return;
    if (!actor.id) throw unauthenticated();
    const provenAt = actor.steppedUpAt?.getTime() ?? -Infinity;
    if (this.clock.now().getTime() - provenAt < STEP_UP_MS) return;
    throw new ChartsealError('MFA_REQUIRED', 'This act wants one more proof: give it by stepUp first.');
  }

  /** Demands that this actor may register patients: who may touch a list of patients only may not. Throws FORBIDDEN. */
  demandRegistering(actor: Actor): void {
    this.demand(actor, 'PATIENT_WRITE');
    if (actor.scope?.patients) throw forbidden('This client is limited to a list of patients.');
  }

  /**
   * Demands that the scope of another system covers every field it gives, also one that has this value already: else it could
   * guess what it may not read. Throws FORBIDDEN.
   */
  demandSetting({ scope }: Actor, type: string, input: object): void {
    const beyond =
      scope && Object.entries(input).find(([field, value]) => value !== undefined && !scope.maySet(type, field));
    if (beyond) throw forbidden(`The scope of this client leaves out writing ${beyond[0]}.`);
  }

  may(actor: Actor, permission: Permission): boolean {
    return actor.kind === 'system' || (!actor.mustEnrol && reachFor(actor, permission) !== null);
  }

  /** True for those who see deleted patients too, so that they can bring any of them back. */
  mayRestoreAll(actor: Actor): boolean {
    return actor.kind === 'system' || reachOf(actor.role, 'PATIENT_DELETE') === 'all';
  }

  /** True when a search of what this permission reaches may go through the patients of the actor's own care teams. */
  boundToCareTeam(actor: Actor, permission: Permission): boolean {
    return this.careTeamOn && !['all', 'scope'].includes(this.reachOf(actor, permission));
  }

  /**
   * How far this actor's permission reaches. Throws FORBIDDEN without it. The system itself (import, demo) reaches all: its
   * commands are run by whoever holds the keys.
   */
  reachOf(actor: Actor, permission: Permission): Reach {
    if (actor.kind === 'system') return 'all';
    if (!actor.id) throw unauthenticated();
    if (actor.mustEnrol) throw mustEnrol();
    const reach = reachFor(actor, permission);
    if (!reach) throw forbidden();
    return reach;
  }
}

/** SQL condition, true for patients whose existence this actor may know of: all but the confidential ones of others. */
export function knownTo(actor: Actor, column: string, bind: Bind): string {
  if (actor.kind === 'system' || reachOf(actor.role, 'PATIENT_READ') === 'all') return 'true';
  if (actor.scope?.patients) return `(${notConfidential(column)} OR ${inScope(column, actor.scope.patients, bind)})`;
  return `(${notConfidential(column)} OR ${near(column, bind(actor.id), grantsOf(actor, bind))})`;
}

/** The grants a request began with; null when there are none, which is nearly always. */
function grantsOf({ grants }: Actor, bind: Bind): string | null {
  return grants && grants.size > 0 ? `${bind([...grants.values()])}::uuid[]` : null;
}
