import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { knownTo } from '../access/policy';
import { claimOnce } from '../database/idempotency';
import { holdForSealing } from '../database/key-store';
import { moment } from '../database/moment';
import { badInput, ChartsealError, conflict, forbidden, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { keptFor, type PatientIndex } from '../patients';
import { newId } from '../platform/ids';
import { BreakGlassGrant, GROUP } from './break-glass.entity';
import { minutes, type BreakGlassInput, type ReviewBreakGlassInput } from './break-glass.inputs';
import type { BreakGlassRepository } from './break-glass.repository';
import { demandNotTooOften } from './grant-rate';
import { ReviewVerdict } from './break-glass.values';

const MINUTE_MS = 60_000;
const OVERSIGHT = 'oversight';

/** Lets treating staff into a record outside their care for a while, in an emergency, and lets others judge it. */
export class BreakGlassService {
  constructor(
    private readonly base: Foundation,
    private readonly grants: BreakGlassRepository,
    private readonly index: PatientIndex,
    /** How often one person may within an hour. */
    private readonly perHour: number,
  ) {}

  /**
   * Opens a grant on a patient, from now on by PostgreSQL's clock. Throws MFA_REQUIRED without a fresh step-up, NOT_FOUND
   * for a patient who is not there or whom this person may not know of (only the record number leads to a confidential
   * one), BAD_USER_INPUT where the person has access already, RATE_LIMITED for who does it too often.
   */
  async breakGlass(context: RequestContext, input: BreakGlassInput): Promise<BreakGlassGrant> {
    const { policy, dataSource, audit } = this.base;
    policy.demand(context.actor, 'BREAK_GLASS');
    policy.demandStepUp(context);
    if (!input.patientId === !input.mrn) throw badInput('patientId', 'Say either the id or the record number.');
    const patientId = await this.patientAsked(context, input);
    if (!patientId) {
      await audit.record({ action: 'breakGlass', outcome: 'refused' }); // whoever tries numbers leaves a trail
      throw notFound('patient');
    }
    const before = context.actor;
    const id = newId();
    try {
      const made = await dataSource.transaction((manager) => this.open(context, manager, { id, patientId, input }));
      return typeof made === 'string' ? await this.grants.get(context, made) : made;
    } catch (error) {
      context.actor = before; // no grant came of it
      if (error instanceof ChartsealError && error.code === 'RATE_LIMITED') {
        await audit.record({ action: 'breakGlass', outcome: 'refused', patients: [patientId] });
      }
      throw error;
    }
  }

  /** Ends one's own grant from this moment on; one that is over stays as it is. Throws NOT_FOUND for another's. */
  async end(context: RequestContext, id: string): Promise<BreakGlassGrant> {
    const grant = await this.base.dataSource.transaction(async (manager) => {
      const grant = await this.grants.get(context, id, manager);
      if (grant.userId !== context.actor.id) throw notFound('grant');
      const now = await moment(manager);
      if (grant.endedAt || now >= grant.expiresAt) return grant;
      grant.endedAt = now;
      await manager.save(grant, { reload: false });
      return grant;
    });
    const grants = new Map(context.actor.grants);
    grants.delete(grant.patientId);
    context.actor = Object.freeze({ ...context.actor, grants });
    return grant;
  }

  /**
   * Writes a verdict on a grant that is over. Throws FORBIDDEN for one's own, CONFLICT when somebody was first,
   * BAD_USER_INPUT for one that is still open, and for questioning without a note.
   */
  async review(context: RequestContext, input: ReviewBreakGlassInput): Promise<BreakGlassGrant> {
    const { policy, dataSource, keyring } = this.base;
    policy.demand(context.actor, 'BREAK_GLASS_REVIEW');
    context.overseen.add(GROUP);
    const { patientId } = await this.grants.get(context, input.id);
    const judge = () =>
      dataSource.transaction(async (manager) => {
        await holdForSealing(manager, keyring, [patientId]); // first the patient's key, then rows
        const grant = await this.grants.get(context, input.id, manager);
        if (grant.userId === context.actor.id) throw forbidden('Nobody reviews their own grant.');
        demandReviewable(grant, input, await moment(manager));
        const { id: reviewedBy } = context.actor;
        Object.assign(grant, { verdict: input.verdict, reviewedBy, reviewedAt: await moment(manager) });
        if (input.note) grant.note = input.note;
        await manager.save(grant, { reload: false });
        return grant;
      });
    return overseeing(context, judge);
  }

  /** Id of the patient asked for; null when there is none of whom this person may know. */
  private async patientAsked(context: RequestContext, { patientId, mrn }: BreakGlassInput): Promise<string | null> {
    const values: unknown[] = [];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const asked = mrn
      ? `t.id = ${keptFor(`(SELECT n.id FROM patient n WHERE n.mrn_token = ${bind(this.index.mrnToken(mrn))})`)}`
      : `t.id = ${bind(patientId)}::uuid AND ${knownTo(context.actor, 't.id', bind)}`;
    const [row] = await this.base.dataSource.query<{ id: string }[]>(
      `SELECT t.id FROM patient t WHERE ${asked} AND t.deleted_at IS NULL`,
      values,
    );
    return row?.id ?? null;
  }

  private async open(
    context: RequestContext,
    manager: EntityManager,
    { id, patientId, input }: { id: string; patientId: string; input: BreakGlassInput },
  ): Promise<BreakGlassGrant | string> {
    const { keyring, tokens } = this.base;
    const { actor } = context;
    await holdForSealing(manager, keyring, [patientId]); // first the patient's key, then rows
    await manager.query('SELECT 1 FROM app_user WHERE id = $1 FOR NO KEY UPDATE', [actor.id]); // one at a time
    const { idempotencyKey: key, ...rest } = input;
    const request = { caller: actor.id, operation: 'breakGlass', key, input: rest, resultId: id };
    const earlier = await claimOnce(manager, tokens, request);
    if (earlier) return earlier;
    await this.demandNoAccess(context, manager, patientId);
    await demandNotTooOften(manager, actor.id!, this.perHour);
    const startedAt = await moment(manager);
    const expiresAt = new Date(startedAt.getTime() + (input.minutes ?? minutes.usual) * MINUTE_MS);
    const made = { id, patientId, userId: actor.id, reason: input.reason, startedAt, expiresAt, endedAt: null };
    const grant = Object.assign(new BreakGlassGrant(), made, { verdict: null, reviewedBy: null, reviewedAt: null });
    grant.text = input.text;
    grant.note = null;
    // from here on the request acts under it, and its entries say so
    context.actor = Object.freeze({ ...actor, grants: new Map([...(actor.grants ?? []), [patientId, id]]) });
    await manager.insert(BreakGlassGrant, grant);
    return grant;
  }

  /** Throws BAD_USER_INPUT for who can open the record anyway, NOT_FOUND for a patient who went meanwhile. */
  private async demandNoAccess(context: RequestContext, manager: EntityManager, patientId: string): Promise<void> {
    const values: unknown[] = [patientId, context.actor.id];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const reached = this.base.policy.patientCondition(context.actor, 'PATIENT_READ', 't.id', bind) ?? 'true';
    const [row] = await manager.query<{ open: boolean }[]>(
      `SELECT ${reached} OR EXISTS (SELECT 1 FROM break_glass_open g WHERE g.patient_id = t.id AND g.user_id = $2) AS open
       FROM patient t WHERE t.id = $1 AND t.deleted_at IS NULL`,
      values,
    );
    if (!row) throw notFound('patient');
    if (row.open) throw badInput('patientId', 'You can open this record already.');
  }
}

/** Does this for oversight; what the same document does besides, such as changing a patient, keeps its purpose. */
async function overseeing<T>(context: RequestContext, work: () => Promise<T>): Promise<T> {
  const { purpose } = context;
  context.purpose = OVERSIGHT;
  try {
    return await work();
  } finally {
    context.purpose = purpose;
  }
}

function demandReviewable(grant: BreakGlassGrant, { verdict, note }: ReviewBreakGlassInput, now: Date): void {
  const { reviewedBy, reviewedAt, expiresAt, endedAt, erased } = grant;
  if (reviewedAt) throw conflict({ version: 2, changedBy: reviewedBy, changedAt: reviewedAt.toISOString() });
  if (!endedAt && now < expiresAt) throw badInput('id', 'This grant is still open.');
  if (erased && note) throw badInput('note', 'The patient was erased: nothing can be sealed for them any more.');
  const said = (note ?? '').trim().length >= 3;
  if (verdict === ReviewVerdict.QUESTIONED && !said && !erased) throw badInput('note', 'Say what is questioned.');
}
