import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { insertRows } from '../database/insert-rows';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { newId } from '../platform/ids';
import { VisitAmendment } from './amendment.entity';
import type { StoredVersion } from './visit-version';
import type { Visit } from './visit.entity';

/** What the log calls being told of amendments, also that there are none. */
const GROUP = 'amendments';

/** Keeps what closed visits were before they were amended. */
export class Amendments {
  private readonly reader: Reader<VisitAmendment>;

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, VisitAmendment);
  }

  /**
   * Appends what a visit was, in the transaction that changes it and before it is saved.
   *
   * @param reason null when an import brings what its source says now
   */
  async append(
    context: RequestContext,
    manager: EntityManager,
    { id: visitId, patientId, version }: Visit,
    { before, reason }: { before: StoredVersion; reason: string | null },
  ): Promise<void> {
    const amendment = new VisitAmendment();
    Object.assign(amendment, { id: newId(), patientId, visitId, version });
    Object.assign(amendment, { authorId: context.actor.id, at: this.base.clock.now(), reason, stored: before });
    await insertRows(manager, VisitAmendment, [amendment]);
  }

  /** Amendments of a visit that was allowed already, newest first; batched within a request. */
  ofVisit(context: RequestContext, { id, patientId }: Visit): Promise<VisitAmendment[]> {
    context.note(patientId, GROUP);
    // batches but remembers nothing: an amendment written later in the same request must show
    const load = () => new DataLoader((ids: readonly string[]) => this.load(ids), { cache: false });
    return context.once(this, load).load(id);
  }

  private async load(visitIds: readonly string[]): Promise<VisitAmendment[][]> {
    const rows = await this.reader.many('WHERE t.visit_id = ANY($1::uuid[]) ORDER BY t.version DESC', [visitIds]);
    await this.base.keyring.hold(envelopesOf(rows));
    return visitIds.map((id) => rows.filter(({ visitId }) => visitId === id));
  }
}
