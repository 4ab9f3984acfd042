import { In, type EntityManager } from 'typeorm';
import { noteAct } from '../audit';
import { moment } from '../database/moment';
import { envelopesOf, privately } from '../database/sealed-column';
import { badInput, demandVersion, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { CareTeamPlace, countedFacts, type Patient } from '../patients';
import { PatientMerge } from './merge.entity';
import type { PatientField, UnmergePatientsInput } from './merge.inputs';
import type { MergeDeps } from './merge.service';
import { undoMerge, type Undo } from './merge.undo';
import { moveRows } from './move-rows';
import { demandStanding, lockPair, saveRecord, type RecordPair } from './record-pair';

/** Two records again, and what of the time between stays with the one that was kept. */
export interface Unmerged {
  kept: Patient;
  restored: Patient;
  /** Fields that somebody has changed since the merge: they stay as they are now. */
  fieldsStayed: PatientField[];
  visitsStayed: number;
  treatmentUpdatesStayed: number;
}

/** Takes merged records apart again, in one transaction. */
export class UnmergeService {
  constructor(private readonly deps: MergeDeps) {}

  /**
   * Gives the merged record back what was its own and takes out of the kept one what the merge put in. What was written
   * since stays with the kept record, unless it was written at a visit that goes back. Throws MFA_REQUIRED without a fresh
   * step-up, NOT_FOUND for a merge there is not (any more), CONFLICT when the kept record was changed since it was read,
   * BAD_USER_INPUT for any but the newest merge of the patient.
   */
  async unmerge(context: RequestContext, input: UnmergePatientsInput): Promise<Unmerged> {
    const { base, patients } = this.deps;
    base.policy.demand(context.actor, 'PATIENT_MERGE');
    base.policy.demandStepUp(context);
    const unmerged = await base.dataSource.transaction(async (manager) => {
      const known = await manager.findOneBy(PatientMerge, { id: input.mergeId.toLowerCase() });
      if (!known) throw notFound('merge');
      const pair = await lockPair(this.deps, manager, known, 'merge');
      const merge = await this.newest(manager, known);
      await demandStanding(manager, pair.kept, 'mergeId');
      demandVersion(pair.kept, input.expectedVersion);
      return this.write(context, manager, pair, merge, input.reason);
    });
    patients.remember(context, unmerged.kept);
    patients.remember(context, unmerged.restored);
    return unmerged;
  }

  /** The merge as it stands now that both records are locked. Those of one patient are undone newest first. */
  private async newest(manager: EntityManager, { id, keptId }: PatientMerge): Promise<PatientMerge> {
    const open = await manager.find(PatientMerge, { where: { keptId }, order: { mergedAt: 'DESC', id: 'DESC' } });
    const [newest] = open.filter(({ unmergedAt }) => unmergedAt === null);
    const merge = open.find((one) => one.id === id);
    if (!merge || merge.unmergedAt !== null) throw notFound('merge');
    if (newest !== merge) throw badInput('mergeId', 'Another record was merged into this one later; undo that first.');
    await this.deps.base.keyring.hold(envelopesOf([merge]));
    return merge;
  }

  private async write(
    context: RequestContext,
    manager: EntityManager,
    pair: RecordPair,
    merge: PatientMerge,
    reason: string,
  ): Promise<Unmerged> {
    const { base, index, counts } = this.deps;
    const { kept, merged } = pair;
    const undo = privately(() => merge.undo);
    const before = privately(() => countedFacts(kept));
    const fieldsStayed = undoMerge(kept, merged, undo);
    await saveRecord(this.deps, context, manager, kept);
    await index.put(manager, [kept]);
    await moveRows({ manager, keyring: base.keyring, from: kept.id, to: merged.id }, undo.moved);
    await this.leaveTeam(context, manager, undo);
    merged.deletedAt = null;
    await saveRecord(this.deps, context, manager, merged);
    await this.close(context, manager, merge, reason);
    const left = await writtenSince(manager, merge);
    await counts.patientsChanged(manager, [
      { before, after: privately(() => countedFacts(kept)) },
      { before: null, after: privately(() => countedFacts(merged)) },
    ]);
    return { kept, restored: merged, fieldsStayed, ...left };
  }

  /** Places that the merge made are over; they stay as history, since those people did have access. */
  private async leaveTeam({ actor }: RequestContext, manager: EntityManager, { places }: Undo): Promise<void> {
    const now = await moment(manager);
    const made = await manager.findBy(CareTeamPlace, { id: In(places) });
    for (const place of made.filter(({ until }) => until === null || until > now)) {
      Object.assign(place, { until: now, closedBy: actor.id });
      await manager.save(place, { reload: false });
    }
  }

  private async close(
    context: RequestContext,
    manager: EntityManager,
    merge: PatientMerge,
    reason: string,
  ): Promise<void> {
    Object.assign(merge, { unmergedAt: this.deps.base.clock.now(), unmergedBy: context.actor.id });
    merge.unmergeReason = reason;
    await manager.save(merge, { reload: false });
    const patients = [merge.keptId, merge.mergedId];
    const target = { type: 'patient', id: merge.keptId };
    noteAct(manager, { action: 'unmerge', target, fields: ['patient_id'], patients });
  }
}

/** How much was written for the kept record since the merge and stays there. */
async function writtenSince(
  manager: EntityManager,
  { keptId, mergedAt }: PatientMerge,
): Promise<Pick<Unmerged, 'visitsStayed' | 'treatmentUpdatesStayed'>> {
  const [row] = await manager.query<{ visits: number; updates: number }[]>(
    `SELECT (SELECT count(*)::int FROM visit WHERE patient_id = $1 AND created_at >= $2) AS visits,
       (SELECT count(*)::int FROM treatment_update WHERE patient_id = $1 AND at >= $2) AS updates`,
    [keptId, mergedAt],
  );
  return { visitsStayed: row!.visits, treatmentUpdatesStayed: row!.updates };
}
