import type { Foundation } from '../access/foundation';
import { holdForSealing } from '../database/key-store';
import { moment } from '../database/moment';
import type { RequestContext } from '../graphql/context';
import { badInput, conflict, forbidden } from '../graphql/errors';
import type { SnoopingFinding } from './finding.entity';
import type { FindingsRepository } from './findings.repository';
import type { ReviewSnoopingInput } from './snooping.inputs';
import { SnoopingVerdict } from './snooping.values';

const OVERSIGHT = 'oversight';

/** Lets a privacy officer write what an access came to. */
export class ReviewService {
  constructor(
    private readonly base: Foundation,
    private readonly findings: FindingsRepository,
  ) {}

  /**
   * Writes a verdict. Throws FORBIDDEN for a finding about oneself, CONFLICT when it was reviewed or has grown since it was
   * looked at, BAD_USER_INPUT for misuse without a note.
   */
  async review(context: RequestContext, input: ReviewSnoopingInput): Promise<SnoopingFinding> {
    const { dataSource, keyring } = this.base;
    const { ownerId } = await this.findings.get(context, input.id);
    const { purpose } = context;
    context.purpose = OVERSIGHT;
    try {
      return await dataSource.transaction(async (manager) => {
        await holdForSealing(manager, keyring, [ownerId]); // first the key, then rows
        const finding = await this.findings.get(context, input.id, manager);
        if (finding.userId === context.actor.id) throw forbidden('Nobody reviews what they did themselves.');
        demandReviewable(finding, input);
        const { id: reviewedBy } = context.actor;
        Object.assign(finding, { verdict: input.verdict, reviewedBy, reviewedAt: await moment(manager) });
        if (input.note) finding.note = input.note;
        await manager.save(finding, { reload: false });
        return finding;
      });
    } finally {
      context.purpose = purpose;
    }
  }
}

/** Grows with each entry and with the verdict. */
export function versionOf({ hits, reviewedAt }: SnoopingFinding): number {
  return hits.count + (reviewedAt ? 1 : 0);
}

function demandReviewable(finding: SnoopingFinding, { expectedVersion, verdict, note }: ReviewSnoopingInput): void {
  const { reviewedBy, reviewedAt, hits, erased } = finding;
  const version = versionOf(finding);
  if (reviewedAt || version !== expectedVersion) {
    throw conflict({
      version,
      changedBy: reviewedBy,
      changedAt: (reviewedAt ?? hits.lastAt ?? new Date()).toISOString(),
    });
  }
  if (erased && note) throw badInput('note', 'The patient was erased: nothing can be sealed for them any more.');
  const said = (note ?? '').trim().length >= 3;
  if (verdict === SnoopingVerdict.MISUSE && !said && !erased) throw badInput('note', 'Say what was misused.');
}
