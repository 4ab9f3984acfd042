import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { nameChange, noteAct } from '../audit';
import { insertRows } from '../database/insert-rows';
import { moment } from '../database/moment';
import { Reader } from '../database/reader';
import { envelopesOf, privately } from '../database/sealed-column';
import { badInput, demandVersion } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import {
  CareTeamPlace,
  countedFacts,
  type PatientIndex,
  type PatientObserver,
  type PatientRepository,
} from '../patients';
import { newId } from '../platform/ids';
import { PatientMerge } from './merge.entity';
import type { MergePatientsInput } from './merge.inputs';
import { applyMerge, type Undo } from './merge.undo';
import { moveRows } from './move-rows';
import { demandStanding, lockPair, saveRecord, type RecordPair } from './record-pair';

export interface MergeDeps {
  base: Foundation;
  patients: PatientRepository;
  index: PatientIndex;
  counts: PatientObserver;
}

/** Merges duplicate records of one person: one is kept, the other hidden, in one transaction. */
export class MergeService {
  private readonly places: Reader<CareTeamPlace>;

  constructor(private readonly deps: MergeDeps) {
    this.places = new Reader(deps.base.dataSource, CareTeamPlace);
  }

  /**
   * Moves everything of the duplicate to the record that is kept, and hides the duplicate. Throws MFA_REQUIRED without a
   * fresh step-up, CONFLICT when one of them was changed since it was read, NOT_FOUND for who is missing or erased,
   * BAD_USER_INPUT for the same record twice, one that is deleted or merged already, and while the glass of the duplicate is
   * broken.
   */
  async merge(context: RequestContext, input: MergePatientsInput): Promise<PatientMerge> {
    const { base, patients } = this.deps;
    base.policy.demand(context.actor, 'PATIENT_MERGE'); // of all patients; the table gives it no other reach
    base.policy.demandStepUp(context);
    const ids = { keptId: input.keepId.toLowerCase(), mergedId: input.mergeId.toLowerCase() };
    if (ids.keptId === ids.mergedId) throw badInput('mergeId', 'A record cannot be merged with itself.');
    const { kept, merge } = await base.dataSource.transaction(async (manager) => {
      const pair = await lockPair(this.deps, manager, ids);
      await demandStanding(manager, pair.kept, 'keepId');
      await demandStanding(manager, pair.merged, 'mergeId');
      demandVersion(pair.kept, input.keepVersion);
      demandVersion(pair.merged, input.mergeVersion);
      await demandUnbroken(manager, ids.mergedId);
      return { kept: pair.kept, merge: await this.write(context, manager, pair, input) };
    });
    patients.remember(context, kept);
    return merge;
  }

  private async write(
    context: RequestContext,
    manager: EntityManager,
    { kept, merged }: RecordPair,
    { take, reason }: MergePatientsInput,
  ): Promise<PatientMerge> {
    const { base, index, counts } = this.deps;
    const before = privately(() => [countedFacts(kept), countedFacts(merged)]);
    const applied = applyMerge(kept, merged, take);
    await saveRecord(this.deps, context, manager, kept);
    await index.put(manager, [kept]);
    const places = await this.joinTeam(context, manager, kept.id, merged.id);
    const moved = await moveRows({ manager, keyring: base.keyring, from: merged.id, to: kept.id });
    await this.hide(context, manager, { kept, merged });
    const merge = await this.writeDown(context, manager, { kept, merged }, reason, { ...applied, moved, places });
    await counts.patientsChanged(manager, [
      { before: before[0]!, after: privately(() => countedFacts(kept)) },
      { before: before[1]!, after: null },
    ]); // last, since others wait for the counters until this commits
    return merge;
  }

  private async hide(context: RequestContext, manager: EntityManager, { kept, merged }: RecordPair): Promise<void> {
    merged.deletedAt = this.deps.base.clock.now();
    nameChange(merged, 'update'); // hidden, but nobody deleted it
    await saveRecord(this.deps, context, manager, merged);
    const patients = [kept.id, merged.id];
    noteAct(manager, { action: 'merge', target: { type: 'patient', id: kept.id }, fields: ['patient_id'], patients });
  }

  private async writeDown(
    context: RequestContext,
    manager: EntityManager,
    { kept, merged }: RecordPair,
    reason: string,
    undo: Undo,
  ): Promise<PatientMerge> {
    const made = { id: newId(), keptId: kept.id, mergedId: merged.id, unmergedAt: null, unmergedBy: null };
    const merge = Object.assign(new PatientMerge(), made, {
      mergedAt: await moment(manager), // one clock, so that merges of one patient have an order
      mergedBy: context.actor.id,
    });
    const mrn = privately(() => merged.mrn);
    Object.assign(merge, { mrn, reason, undo, unmergeReason: null });
    await insertRows(manager, PatientMerge, [merge]);
    return merge;
  }

  /** Whoever cares for the duplicate cares for the person: places of their own on the team of the record that is kept. */
  private async joinTeam(
    { actor }: RequestContext,
    manager: EntityManager,
    keptId: string,
    mergedId: string,
  ): Promise<string[]> {
    const places = await this.places.many(
      `JOIN care_team_now n ON n.id = t.id WHERE t.patient_id = $2
         AND NOT EXISTS (SELECT 1 FROM care_team_now o WHERE o.patient_id = $1 AND o.user_id = t.user_id) ORDER BY t.id`,
      [keptId, mergedId],
      manager,
    );
    await this.deps.base.keyring.hold(envelopesOf(places));
    const since = await moment(manager);
    const joined = places.map((place) => {
      const { userId, until, careRole } = place;
      const made = {
        id: newId(),
        patientId: keptId,
        userId,
        since,
        until,
        careRole,
        addedBy: actor.id,
        closedBy: null,
      };
      const own = Object.assign(new CareTeamPlace(), made);
      own.reason = privately(() => place.reason);
      return own;
    });
    await insertRows(manager, CareTeamPlace, joined);
    return joined.map(({ id }) => id);
  }
}

/** Hidden, the duplicate would be taken from under the hands of who needs it now; an hour later at most it is free. */
async function demandUnbroken(manager: EntityManager, patientId: string): Promise<void> {
  const open = await manager.query<unknown[]>('SELECT 1 FROM break_glass_open WHERE patient_id = $1', [patientId]);
  if (open.length > 0)
    throw badInput('mergeId', 'Somebody has emergency access to this record now; merge it once that has ended.');
}
