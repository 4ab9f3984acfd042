import DataLoader from 'dataloader';
import type { Foundation } from '../access/foundation';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { GROUP, PatientMerge } from './merge.entity';

/** Reads which records were merged into patients. */
export class MergeRepository {
  private readonly reader: Reader<PatientMerge>;

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, PatientMerge);
  }

  /** Merges into this patient that stand, newest first; batched within a request. */
  ofPatient(context: RequestContext, patientId: string): Promise<PatientMerge[]> {
    context.note(patientId, GROUP); // also when there are none
    return context
      .once(this, () => new DataLoader((ids: readonly string[]) => this.load(ids), { cache: false }))
      .load(patientId);
  }

  private async load(patientIds: readonly string[]): Promise<PatientMerge[][]> {
    const rows = await this.reader.many(
      'WHERE t.kept_id = ANY($1::uuid[]) AND t.unmerged_at IS NULL ORDER BY t.merged_at DESC, t.id DESC',
      [patientIds],
    );
    await this.base.keyring.hold(envelopesOf(rows));
    return patientIds.map((id) => rows.filter(({ keptId }) => keptId === id));
  }
}
