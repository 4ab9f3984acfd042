import type { Foundation } from '../access/foundation';
import { onCareTeam } from '../access/reach-sql';
import { FOUND } from '../audit';
import { countUpTo } from '../database/count-up-to';
import { privately } from '../database/sealed-column';
import { forbidden } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { readPage, toConnection, type Connection, type Page } from '../graphql/pagination';
import { canReturn } from './merged';
import type { Patient } from './patient.entity';
import { PatientOrder, type PatientFilter, type PatientsArgs } from './patient.inputs';
import type { PatientIndex } from './patient-index';
import type { PatientRepository } from './patient.repository';
import type { Conditions } from './search/leg-sql';
import { PatientSearch } from './search/patient-search';

const LIST = 'patients';

/** Rows opened at most for one page when a filter needs opened values; then the page is short, and the next goes on from there. */
const OPENED_AT_MOST = 2_000;

/** Lists and finds patients: index look-ups plus opening the page, never a scan. */
export class PatientList {
  private readonly search: PatientSearch;

  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
    index: PatientIndex,
    private readonly openedAtMost = OPENED_AT_MOST,
  ) {
    this.search = new PatientSearch(base, patients, index.generations, openedAtMost);
  }

  /**
   * A page of the patients this actor may read: found by a search, best first, or all of them by registration. A search is
   * recorded in the ledger even when it finds nobody.
   */
  async list(context: RequestContext, args: PatientsArgs): Promise<Connection<Patient>> {
    const filter = args.filter ?? {};
    const where = this.conditions(context, filter);
    const search = args.search?.trim() ?? '';
    const told = toldByStanding(filter, search !== '');
    told.forEach((group) => context.demandOpen(group)); // before: that nobody is found tells as much
    const shown = ({ id }: Patient) => told.forEach((group) => context.note(id, group));
    if (search !== '') {
      context.mustRecord = true;
      const withinTeam = !!filter.mine || this.base.policy.boundToCareTeam(context.actor, 'PATIENT_READ');
      const keeps = (patient: Patient) => keepsIn(filter, patient);
      return this.search.find(context, { search, page: args, where, withinTeam, keeps, shown });
    }
    return this.byRegistration(context, args, shown);
  }

  private async byRegistration(
    context: RequestContext,
    args: PatientsArgs,
    shown: (patient: Patient) => void,
  ): Promise<Connection<Patient>> {
    const filter = args.filter ?? {};
    const page = readPage(args, LIST, this.base.cursors);
    const descending = (args.orderBy !== PatientOrder.REGISTERED_ASC) !== page.backward;
    const filtered = !!filter.gender || typeof filter.deceased === 'boolean';
    const keeps = filtered ? (patient: Patient) => keepsIn(filter, patient) : null;
    const where = (from: string | null) =>
      this.conditions(context, filter, from ? { side: descending ? '<' : '>', id: from } : undefined);
    const { rows, stoppedAt } = await this.walk(where, page, descending, keeps);
    const all = this.conditions(context, filter);
    for (const row of rows) this.patients.remember(context, row);
    return toConnection(rows, page, {
      name: LIST,
      cursors: this.base.cursors,
      keyOf: (patient) => [patient.id],
      count: filtered ? undefined : () => countUpTo(this.base.dataSource, `patient t WHERE ${all.text}`, all.values), // nothing in clear tells gender or death
      stoppedAt,
      shown,
    });
  }

  /**
   * Reads chunks in list order until the page (and one more, to know whether more follow) is full, or enough was opened:
   * then `stoppedAt` is the key to go on from.
   */
  private async walk(
    where: (from: string | null) => Conditions,
    page: Page,
    descending: boolean,
    keeps: ((patient: Patient) => boolean) | null,
  ): Promise<{ rows: Patient[]; stoppedAt?: string[] }> {
    const kept: Patient[] = [];
    let from = page.from?.[0] ?? null;
    for (let opened = 0; opened < this.openedAtMost;) {
      const { text, values } = where(from);
      const order = `ORDER BY t.id ${descending ? 'DESC' : 'ASC'} LIMIT $${values.length + 1}`;
      const chunk = await this.patients.select(`WHERE ${text} ${order}`, [...values, page.size + 1]);
      kept.push(...(keeps ? privately(() => chunk.filter(keeps)) : chunk));
      if (kept.length > page.size || chunk.length <= page.size) return { rows: kept.slice(0, page.size + 1) };
      from = chunk.at(-1)!.id;
      opened += chunk.length;
    }
    return { rows: kept, stoppedAt: [from!] };
  }

  /** The SQL of a list, or of what lies beyond a patient in it. */
  private conditions(context: RequestContext, filter: PatientFilter, beyond?: Beyond): Conditions {
    if (filter.deleted && !this.base.policy.mayRestoreAll(context.actor)) throw forbidden();
    const values: unknown[] = [];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const { actor } = context;
    const from = beyond && `${beyond.side} ${bind(beyond.id)}`;
    const access = filter.mine
      ? onCareTeam('t.id', bind(actor.id), from)
      : this.base.policy.patientCondition(actor, 'PATIENT_READ', 't.id', bind, from);
    const deleted = filter.deleted ? `t.deleted_at IS NOT NULL AND ${canReturn('t.id')}` : 't.deleted_at IS NULL';
    return { text: [deleted, access, from && `t.id ${from}`].filter(Boolean).join(' AND '), values };
  }
}

/** A patient a page begins after, on this side. */
interface Beyond {
  side: '<' | '>';
  id: string;
}

/** Column groups that standing in a narrowed list tells of a patient, whatever is asked of them there. */
function toldByStanding({ gender, deceased }: PatientFilter, searched: boolean): string[] {
  return [
    ...(gender ? ['gender'] : []),
    ...(typeof deceased === 'boolean' ? ['deceasedAt'] : []),
    ...(searched ? [FOUND] : []),
  ];
}

function keepsIn(filter: PatientFilter, patient: Patient): boolean {
  if (filter.gender && patient.gender !== filter.gender) return false;
  return typeof filter.deceased !== 'boolean' || (patient.deceased !== null) === filter.deceased;
}
