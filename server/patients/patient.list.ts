import type { Foundation } from '../access/foundation';
import { onCareTeam } from '../access/policy';
import { privately } from '../database/sealed-column';
import { forbidden } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { readPage, toConnection, type Connection, type Page } from '../graphql/pagination';
import type { Patient } from './patient.entity';
import { PatientOrder, type PatientFilter, type PatientsArgs } from './patient.inputs';
import type { PatientIndex, SearchTerm } from './patient-index';
import type { PatientRepository } from './patient.repository';

const LIST = 'patients';

/** Terms looked up in the index; further ones only confirm the hits. Bounds the number of prepared statements. */
const INDEXED_TERMS = 4;

/** Rows opened at most for one page when a filter needs opened values; then the page is short, and the next goes on from there. */
const OPENED_AT_MOST = 2_000;

/** Lists and finds patients: index look-ups plus opening the page, never a scan. */
export class PatientList {
  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
    private readonly index: PatientIndex,
    private readonly openedAtMost = OPENED_AT_MOST,
  ) {}

  /** A page of the patients this actor may read. A search is recorded in the ledger even when it finds nobody. */
  async list(context: RequestContext, args: PatientsArgs): Promise<Connection<Patient>> {
    const page = readPage(args, LIST, this.base.cursors);
    const terms = this.index.termsOf(args.search ?? '');
    if (terms.length > 0) context.mustRecord = true;
    const filter = args.filter ?? {};
    const where = this.conditions(context, filter, terms);
    const descending = (args.orderBy !== PatientOrder.REGISTERED_ASC) !== page.backward;
    const keeps = (patient: Patient) => matches(patient, terms, filter);
    const filtered = !!filter.gender || typeof filter.deceased === 'boolean';

    const { rows, stoppedAt } = await this.walk(where, page, descending, filtered || terms.length > 0 ? keeps : null);
    for (const row of rows) this.patients.remember(context, row);
    return toConnection(rows, page, {
      name: LIST,
      cursors: this.base.cursors,
      keyOf: (patient) => [patient.id],
      count: filtered ? undefined : () => this.count(where), // the index knows neither gender nor death
      stoppedAt,
    });
  }

  /**
   * Reads chunks in list order until the page (and one more, to know whether more follow) is full, or enough was opened:
   * then `stoppedAt` is the key to go on from.
   */
  private async walk(
    where: Conditions,
    page: Page,
    descending: boolean,
    keeps: ((patient: Patient) => boolean) | null,
  ): Promise<{ rows: Patient[]; stoppedAt?: string[] }> {
    const kept: Patient[] = [];
    let from = page.from?.[0] ?? null;
    for (let opened = 0; opened < this.openedAtMost;) {
      const values = [...where.values];
      const beyond = from ? `AND t.id ${descending ? '<' : '>'} $${values.push(from)}` : '';
      const limit = `$${values.push(page.size + 1)}`;
      const order = `ORDER BY t.id ${descending ? 'DESC' : 'ASC'} LIMIT ${limit}`;
      const chunk = await this.patients.select(`${where.joins} WHERE ${where.text} ${beyond} ${order}`, values);
      kept.push(...(keeps ? privately(() => chunk.filter(keeps)) : chunk));
      if (kept.length > page.size || chunk.length <= page.size) return { rows: kept.slice(0, page.size + 1) };
      from = chunk.at(-1)!.id;
      opened += chunk.length;
    }
    return { rows: kept, stoppedAt: [from!] };
  }

  /** Index hits, before confirmation. */
  private async count(where: Conditions): Promise<number> {
    const [row] = await this.base.dataSource.query<{ n: string }[]>(
      `SELECT count(*) AS n FROM patient t ${where.joins} WHERE ${where.text}`,
      where.values,
    );
    return Number(row!.n);
  }

  /** The SQL of a list. */
  private conditions(context: RequestContext, filter: PatientFilter, terms: SearchTerm[]): Conditions {
    if (filter.deleted && !this.base.policy.mayRestoreAll(context.actor)) throw forbidden();
    const values: unknown[] = [];
    const parts = [filter.deleted ? 't.deleted_at IS NOT NULL' : 't.deleted_at IS NULL'];
    const access = filter.mine
      ? onCareTeam('t.id', '$1')
      : this.base.policy.patientCondition(context.actor, 'PATIENT_READ', 't.id', '$1');
    if (access) {
      values.push(context.actor.id);
      parts.push(access);
    }
    let joins = '';
    for (const [position, { tokens }] of terms.slice(0, INDEXED_TERMS).entries()) {
      if (tokens.length === 1) {
        const alias = `k${position}`;
        joins += ` JOIN patient_token ${alias} ON ${alias}.patient_id = t.id AND ${alias}.token = $${values.push(tokens[0])}`;
      } else {
        parts.push(
          `t.id IN (SELECT patient_id FROM patient_token WHERE token = ANY($${values.push(tokens)}::bytea[]))`,
        );
      }
    }
    return { joins, text: parts.join(' AND '), values };
  }
}

interface Conditions {
  joins: string;
  text: string;
  values: unknown[];
}

function matches(patient: Patient, terms: SearchTerm[], filter: PatientFilter): boolean {
  if (filter.gender && patient.gender !== filter.gender) return false;
  if (typeof filter.deceased === 'boolean' && (patient.deceased !== null) !== filter.deceased) return false;
  return terms.every((term) => term.confirms(patient));
}
