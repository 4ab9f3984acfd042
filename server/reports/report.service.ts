import type { Foundation } from '../access/foundation';
import { reachOf } from '../access/permissions';
import { namingOnly, type AuditEntry, type HistoryQuestion, type PatientHistory } from '../audit';
import type { RequestContext } from '../graphql/context';
import { badInput, forbidden, notFound } from '../graphql/errors';
import { readPage, toConnection, type Connection, type PageArgs } from '../graphql/pagination';
import { Patient, type PatientRepository } from '../patients';
import { accessRow, disclosureRow } from './report-rows';
import { AccessReport, DisclosureReport, type AccessReportRow, type DisclosureRow, type Report } from './report.types';
import { idsOf } from './patient-ids';

/** Purpose of entries about looking into the log. */
const OVERSIGHT = 'oversight';
/** How far back an accounting of disclosures goes when nothing is said, in years: what 45 CFR 164.528 grants. */
const YEARS_ACCOUNTED = 6;
/** Rows read at a time for a file. */
const PAGE = 200;

export interface ReportDeps {
  base: Foundation;
  history: PatientHistory;
  patients: PatientRepository;
  /** Names of accounts and API clients, for those there are. */
  namesOf: (context: RequestContext, ids: readonly string[]) => Promise<Map<string, string>>;
}

/** Reports about the accesses to a patient's record. Making one is an entry before anything of it is shown. */
export class ReportService {
  constructor(private readonly deps: ReportDeps) {}

  async accesses(context: RequestContext, patientId: string, from: Date, to: Date): Promise<AccessReport> {
    return Object.assign(new AccessReport(), await this.make(context, { patientId, from, to }, 'accesses'));
  }

  /** @param given without a beginning: six years before the end; without an end: until now */
  async disclosures(context: RequestContext, patientId: string, given: { from?: Date; to?: Date }) {
    const to = given.to ?? this.deps.base.clock.now();
    const from = given.from ?? new Date(to);
    if (!given.from) from.setUTCFullYear(to.getUTCFullYear() - YEARS_ACCOUNTED);
    return Object.assign(new DisclosureReport(), await this.make(context, { patientId, from, to }, 'disclosures'));
  }

  accessRows(context: RequestContext, report: AccessReport, args: PageArgs): Promise<Connection<AccessReportRow>> {
    return this.page(context, report, args, (entry) => accessRow(entry, report.proofs));
  }

  disclosureRows(
    context: RequestContext,
    report: DisclosureReport,
    args: PageArgs,
  ): Promise<Connection<DisclosureRow>> {
    return this.page(context, report, args, (entry) => disclosureRow(entry, report.proofs));
  }

  /** How many entries the report has; undefined above 10,000. */
  count(report: Report): Promise<number | undefined> {
    return this.deps.history.count(questionOf(report));
  }

  /** Every entry of the report, oldest first, a bounded number in memory. */
  async *entries(context: RequestContext, report: Report): AsyncGenerator<AuditEntry> {
    for (let from: string[] | null = null; ;) {
      const found: AuditEntry[] = await this.deps.history.page(questionOf(report), {
        size: PAGE,
        backward: false,
        from,
      });
      const page = found.slice(0, PAGE);
      await this.nameActors(context, page);
      yield* page;
      const last = page.at(-1);
      if (found.length <= PAGE || !last) return;
      from = [String(last.index)];
    }
  }

  /** The patient, for whoever may read the record; null for others, whose report names an id only. */
  async patientOf(context: RequestContext, { patientId }: Report): Promise<Patient | null> {
    const { base, patients } = this.deps;
    return base.policy.may(context.actor, 'PATIENT_READ') ? patients.find(context, patientId) : null;
  }

  private async page<Row>(
    context: RequestContext,
    report: Report,
    args: PageArgs,
    rowOf: (entry: AuditEntry) => Promise<Row>,
  ): Promise<Connection<Row>> {
    const { cursors } = this.deps.base;
    const name = `report of ${report.patientId}`;
    const page = readPage(args, name, cursors);
    const found = await this.deps.history.page(questionOf(report), page);
    const known = new Set(report.patients);
    const entries = report.whole ? found : found.map((entry) => namingOnly(entry, known));
    await this.nameActors(context, entries);
    const rows = await Promise.all(entries.map(rowOf));
    const places = new Map(rows.map((row, at) => [row, [String(entries[at]!.index)]]));
    return toConnection(rows, page, {
      name,
      cursors,
      keyOf: (row) => places.get(row)!,
      count: () => this.count(report),
    });
  }

  private async make(
    context: RequestContext,
    { patientId, from, to }: { patientId: string; from: Date; to: Date },
    kind: 'accesses' | 'disclosures',
  ): Promise<Report> {
    if (from >= to) throw badInput('from', 'A period begins before it ends.');
    const whole = await this.demandReach(context, patientId);
    await this.deps.base.audit.record({
      action: 'report',
      purpose: OVERSIGHT,
      target: { type: 'patient', id: patientId },
      fields: [kind],
      patients: [patientId],
    });
    const proofs = await this.deps.history.asOfNow();
    const { id, kind: unnamed } = context.actor;
    const names = await this.deps.namesOf(context, id ? [id] : []);
    return {
      patientId,
      from,
      to,
      patients: await idsOf(this.deps.base.dataSource, patientId),
      whole,
      madeAt: this.deps.base.clock.now(),
      madeBy: names.get(id ?? '') ?? unnamed,
      checkpoint: proofs.notesOf([]).at(-1) ?? null,
      proofs,
    };
  }

  /** Whoever sees the whole log (answered by true) reports on anybody; others on patients whose record is theirs to read. */
  private async demandReach(context: RequestContext, patientId: string): Promise<boolean> {
    const { base, patients } = this.deps;
    base.policy.demand(context.actor, 'AUDIT_READ');
    const reach = context.actor.kind === 'system' ? 'all' : reachOf(context.actor.role, 'AUDIT_READ');
    if (reach === 'ownPatients') await patients.get(context, patientId);
    else if (reach !== 'all') throw forbidden();
    else if (!(await base.dataSource.manager.existsBy(Patient, { id: patientId }))) throw notFound('patient');
    return reach === 'all';
  }

  private async nameActors(context: RequestContext, entries: readonly AuditEntry[]): Promise<void> {
    const ids = new Set(entries.flatMap(({ actor }) => actor.id ?? []));
    const names = await this.deps.namesOf(context, [...ids]);
    for (const { actor } of entries) actor.name = names.get(actor.id ?? '') ?? null;
  }
}

function questionOf(report: Report): HistoryQuestion {
  const { patients, from, to, proofs } = report;
  return { patients, from, to, below: proofs.below, disclosed: report instanceof DisclosureReport };
}
