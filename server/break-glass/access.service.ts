import type { Foundation } from '../access/foundation';
import { reachOf } from '../access/permissions';
import { ChartsealError } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import type { StaffDirectory, StaffMember } from '../identity';
import type { CareTeam, PatientRepository } from '../patients';
import { AccessReasonKind, type AccessExplanation, type AccessReason } from './access-explanation';
import type { BreakGlassRepository } from './break-glass.repository';

/** Colleagues named at most of those who can help. */
const NAMED_AT_MOST = 12;

/** Says why somebody may or may not open a record, and who could change that. */
export class AccessService {
  constructor(
    private readonly base: Foundation,
    private readonly parts: {
      patients: PatientRepository;
      careTeam: CareTeam;
      grants: BreakGlassRepository;
      staff: StaffDirectory;
    },
  ) {}

  /** Throws NOT_FOUND for a patient who is not there, and in the very same way for one this person may not know of. */
  async explain(context: RequestContext, patientId: string): Promise<AccessExplanation> {
    const { policy } = this.base;
    const { actor } = context;
    if (!policy.may(actor, 'PATIENT_READ')) {
      const grantedBy = await this.colleagues(context, []);
      return { patientId, allowed: false, because: [standing('ROLE_LACKS_RECORDS')], mayBreakGlass: false, grantedBy };
    }
    const allowed = await this.mayOpen(context, patientId);
    context.note(patientId, 'careTeam'); // whose care somebody is in, or is not, is told either way
    if (allowed) {
      const because = await this.reasons(context, patientId);
      return { patientId, allowed, because, mayBreakGlass: false, grantedBy: [] };
    }
    const team = await this.parts.careTeam.placesOf(context, patientId);
    return {
      patientId,
      allowed,
      because: [standing('NOT_ON_CARE_TEAM')],
      mayBreakGlass: policy.may(actor, 'BREAK_GLASS'),
      grantedBy: await this.colleagues(context, team.map(({ userId }) => userId)), // prettier-ignore
    };
  }

  private async mayOpen(context: RequestContext, patientId: string): Promise<boolean> {
    try {
      await this.parts.patients.get(context, patientId);
      return true;
    } catch (error) {
      const refused = error instanceof ChartsealError && ['FORBIDDEN', 'BREAK_GLASS_AVAILABLE'].includes(error.code);
      if (!refused) throw error;
      return false;
    }
  }

  private async reasons(context: RequestContext, patientId: string): Promise<AccessReason[]> {
    const { actor } = context;
    const reasons: AccessReason[] = [];
    if (reachOf(actor.role, 'PATIENT_READ') === 'all') reasons.push(standing('ROLE'));
    const team = await this.parts.careTeam.placesOf(context, patientId);
    for (const { userId, since, until } of team) {
      if (userId === actor.id) reasons.push({ kind: AccessReasonKind.CARE_TEAM, since, until });
    }
    const grantId = actor.grants?.get(patientId);
    if (grantId) {
      const { grants } = this.parts;
      const { startedAt: since, expiresAt: until } = grants.shown(context, await grants.get(context, grantId));
      reasons.push({ kind: AccessReasonKind.BREAK_GLASS, since, until });
    }
    return reasons.length > 0 ? reasons : [standing('NOT_CONFIDENTIAL')];
  }

  /** Active colleagues who may change this team, its own members first; nobody for who may not know the staff. */
  private async colleagues(context: RequestContext, team: readonly string[]): Promise<StaffMember[]> {
    if (!this.base.policy.may(context.actor, 'STAFF_LIST')) return [];
    const active = await this.parts.staff.active(null);
    const helps = ({ id, role }: StaffMember) =>
      role === 'ADMIN' || (team.includes(id) && reachOf(role, 'CARE_TEAM_WRITE') !== null);
    const found = active.filter(helps);
    const [own, others] = [found.filter(({ id }) => team.includes(id)), found.filter(({ id }) => !team.includes(id))];
    return [...own, ...others].slice(0, NAMED_AT_MOST);
  }
}

/** A reason without a beginning or an end. */
function standing(kind: keyof typeof AccessReasonKind): AccessReason {
  return { kind: AccessReasonKind[kind], since: null, until: null };
}
