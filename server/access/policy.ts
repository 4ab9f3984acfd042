import { ChartsealError, forbidden, unauthenticated } from '../graphql/errors';
import type { Actor, RequestContext } from '../graphql/context';
import { systemClock, type Clock } from '../platform/clock';
import { reachOf, type Permission } from './permissions';

/** How long a password proved again is good for grave acts, in milliseconds: enough for one, too short for whoever comes after. */
const STEP_UP_MS = 5 * 60 * 1000;

/**
 * Row-level access: which patients a person may touch. The care-team condition is written here once, as SQL that every
 * query of patients carries.
 */
export class AccessPolicy {
  /** @param careTeamOn false (CARE_TEAM=off) drops the care-team condition; roles still hold */
  constructor(
    private readonly careTeamOn: boolean,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * SQL condition on the patient id in `column`, true for patients this actor may touch; `placeholder` stands for the
   * actor's id. Null when no condition is needed. Throws FORBIDDEN when the role lacks the permission.
   */
  patientCondition(actor: Actor, permission: Permission, column: string, placeholder: string): string | null {
    if (!this.boundToCareTeam(actor, permission)) return null;
    return onCareTeam(column, placeholder);
  }

  /** The refusal of a patient in the care of others. */
  refusal(): ChartsealError {
    return forbidden('This patient is in the care of others.');
  }

  /** Demands the permission for a record of this author; `own` reach means nobody else's. */
  demandOwn(actor: Actor, permission: Permission, author: string | null): void {
    const reach = this.reach(actor, permission);
    if (reach === 'own' && author !== actor.id) throw forbidden('Only whoever wrote it may do this.');
  }

  demand(actor: Actor, permission: Permission): void {
    this.reach(actor, permission);
  }

  /**
   * Demands that this session proved its password again (`stepUp`) within five minutes; the system itself need not. Throws
   * MFA_REQUIRED otherwise.
   */
  demandStepUp({ actor }: RequestContext): void {
    if (actor.kind === 'system') return;
    if (!actor.id) throw unauthenticated();
    const provenAt = actor.steppedUpAt?.getTime() ?? -Infinity;
    if (this.clock.now().getTime() - provenAt < STEP_UP_MS) return;
    throw new ChartsealError('MFA_REQUIRED', 'This act wants the password again: prove it by stepUp first.');
  }

  may(actor: Actor, permission: Permission): boolean {
    return actor.kind === 'system' || reachOf(actor.role, permission) !== null;
  }

  /** True for those who see deleted patients too, so that they can bring any of them back. */
  mayRestoreAll(actor: Actor): boolean {
    return actor.kind === 'system' || reachOf(actor.role, 'PATIENT_DELETE') === 'all';
  }

  /** True when this permission reaches only patients whose care team the actor is on. Throws FORBIDDEN without it. */
  boundToCareTeam(actor: Actor, permission: Permission): boolean {
    return this.reach(actor, permission) !== 'all' && this.careTeamOn;
  }

  /** The system itself (import, demo) reaches all: its commands are run by whoever holds the keys. */
  private reach(actor: Actor, permission: Permission) {
    if (actor.kind === 'system') return 'all';
    if (!actor.id) throw unauthenticated();
    const reach = reachOf(actor.role, permission);
    if (!reach) throw forbidden();
    return reach;
  }
}

/** The care-team condition in SQL: this user is on this patient's team. */
export function onCareTeam(patientId: string, userId: string): string {
  return `EXISTS (SELECT 1 FROM care_team_member m WHERE m.patient_id = ${patientId} AND m.user_id = ${userId})`;
}
