import { createHash, randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Pool, QueryResultRow } from 'pg';

const PATIENT = `t.id, t.mrn, t.name, t.birth_date AS "birthDate", t.gender, t.phone, t.email, t.address,
  t.emergency_contact AS "emergencyContact", t.identifiers, t.allergies, t.problems, t.medications, t.diagnosis,
  t.medical_history AS "medicalHistory", t.deceased_at AS "deceasedAt", t.version, t.created_at AS "createdAt",
  t.updated_at AS "updatedAt"`;
const VISIT = `t.id, t.patient_id AS "patientId", t.type, t.status, t.started_at AS "startedAt", t.ended_at AS "endedAt",
  t.reason, t.notes, t.diagnosis, t.vitals, t.version, t.created_at AS "createdAt", t.updated_at AS "updatedAt"`;

interface Row extends QueryResultRow {
  id: string;
}

/** Everything the bare server does: one prepared statement for each request. */
export class BarePatients {
  /**
   * @param byFamily search by the beginning of the family name alone, in the order of an index (`ILIKE 'x%'` at its best),
   * instead of by every word of the name
   */
  constructor(
    private readonly pool: Pool,
    private readonly byFamily = false,
  ) {}

  async one(id: string): Promise<Row | null> {
    const rows = await this.rows(`SELECT ${PATIENT} FROM patient t WHERE t.id = $1`, [id]);
    return rows[0] ?? null;
  }

  async page({ first = 20, after, search }: { first?: number; after?: string; search?: string }) {
    const values: unknown[] = [first + 1];
    const conditions: string[] = [];
    if (after) conditions.push(`t.id < $${values.push(after)}`);
    if (search && this.byFamily) {
      values.push(`${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`);
      const family = "lower(t.name ->> 'family')";
      return pageOf(
        await this.rows(
          `SELECT ${PATIENT} FROM patient t WHERE ${family} LIKE $2 ORDER BY ${family}, t.id LIMIT $1`,
          values,
        ),
        first,
      );
    }
    if (search) {
      const words = search.toLowerCase().match(/\p{L}+/gu) ?? [];
      const query = words.map((word) => `${word}:*`).join(' & ');
      conditions.push(`to_tsvector('simple', t.name) @@ to_tsquery('simple', $${values.push(query)})`);
    }
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    return pageOf(
      await this.rows(`SELECT ${PATIENT} FROM patient t ${where} ORDER BY t.id DESC LIMIT $1`, values),
      first,
    );
  }

  async visits(patientId: string, first = 20) {
    return pageOf(
      await this.rows(
        `SELECT ${VISIT} FROM visit t WHERE t.patient_id = $1 ORDER BY t.started_at DESC, t.id DESC LIMIT $2`,
        [patientId, first + 1],
      ),
      first,
    );
  }

  async create(input: Record<string, unknown>): Promise<Row> {
    const rows = await this.rows(
      `INSERT INTO patient AS t (id, mrn, name, birth_date, gender, phone, email, address, emergency_contact, identifiers,
         allergies, problems, medications, diagnosis, medical_history, version, created_at, updated_at)
       VALUES ($1, 'B' || nextval('mrn_seq'), $2, $3, $4, $5, $6, $7, $8, '[]', '[]', '[]', '[]', $9, $10, 1, now(), now())
       RETURNING ${PATIENT}`,
      [
        randomUUID(),
        input.name,
        input.birthDate,
        input.gender,
        input.phone,
        input.email,
        input.address,
        input.emergencyContact,
        input.diagnosis,
        input.medicalHistory,
      ],
    );
    return rows[0]!;
  }

  async update({ id, expectedVersion, ...given }: Record<string, unknown>): Promise<Row> {
    const fields = Object.keys(given);
    const changes = fields.map((field, place) => `${field} = $${place + 3}`).join(', ');
    const rows = await this.rows(
      `UPDATE patient t SET ${changes}, version = version + 1, updated_at = now() WHERE id = $1 AND version = $2
       RETURNING ${PATIENT}`,
      [id, expectedVersion, ...Object.values(given)],
    );
    if (!rows[0]) throw new GraphQLError('Somebody was first.');
    return rows[0];
  }

  private async rows(text: string, values: unknown[]): Promise<Row[]> {
    return (await this.pool.query<Row>({ name: nameOf(text), text, values })).rows;
  }
}

const names = new Map<string, string>();

/** A name under 64 bytes for each statement, so that PostgreSQL plans it once per connection. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) names.set(text, (name = createHash('sha1').update(text).digest('base64url')));
  return name;
}

function pageOf(rows: Row[], first: number) {
  const kept = rows.slice(0, first);
  return {
    edges: kept.map((node) => ({ cursor: node.id, node })),
    pageInfo: { hasNextPage: rows.length > first, endCursor: kept.at(-1)?.id ?? null },
  };
}
