import { buildClientSchema, introspectionFromSchema, type GraphQLSchema } from 'graphql';
import { makeSchema } from '../../server/app';
import { DisclosureReader } from '../support/disclosed';
import { Hospital, inputTypes, type Name } from '../support/hospital';
import { entriesByRequest, faultOf, type Asked } from '../support/logged';
import { DocumentMaker, type RandomDocument } from '../support/random-document';
import { furnish } from '../support/random-hospital';
import { Random } from '../support/random';
import { drawInput } from '../support/random-input';
import type { Expected, Known } from '../support/what-is-told';

/**
 * Every answer to a change equals its entries: one for each row that is another than before, and one for what the answer
 * tells. `RANDOM_MUTATIONS=2000` for more, `RANDOM_SEED=4711` for others.
 */
const MUTATIONS = Number(process.env.RANDOM_MUTATIONS ?? 200);
const SEED = Number(process.env.RANDOM_SEED ?? 20_262);
const people = ['adeyemi', 'okonkwo', 'lindqvist', 'park'] as const satisfies Name[];
const mutations = Object.keys(inputTypes) as (keyof typeof inputTypes)[];

let hospital: Hospital;
let schema: GraphQLSchema;
beforeAll(async () => {
  hospital = await Hospital.open();
  schema = buildClientSchema(introspectionFromSchema(makeSchema(hospital.runtime)));
});
afterAll(() => hospital?.close());

interface Row {
  type: string;
  id: string;
  patient: string;
  hash: string;
  deleted: boolean;
}

/** Every row of every audited table about patients, as it stands. */
async function rows(): Promise<Map<string, Row>> {
  const found = await hospital.sql<Row>(`
    SELECT 'patient' AS type, id, id AS patient, md5(t::text) AS hash, deleted_at IS NOT NULL AS deleted FROM patient t
    UNION ALL SELECT 'visit', id, patient_id, md5(t::text), false FROM visit t
    UNION ALL SELECT 'visitAmendment', id, patient_id, md5(t::text), false FROM visit_amendment t
    UNION ALL SELECT 'treatment', id, patient_id, md5(t::text), false FROM treatment_update t
    UNION ALL SELECT 'careTeam', id, patient_id, md5(t::text), false FROM care_team_member t`);
  return new Map(found.map((row) => [row.id, row]));
}

/** Entries that the difference between two states calls for. */
function written(before: Map<string, Row>, after: Map<string, Row>): string[] {
  const acts: string[] = [];
  for (const [id, row] of after) {
    const earlier = before.get(id);
    if (!earlier) acts.push(`create ${row.type} ${id} ${row.patient}`);
    else if (earlier.deleted !== row.deleted) acts.push(`${row.deleted ? 'delete' : 'restore'} patient ${id} ${id}`);
    else if (earlier.hash !== row.hash) acts.push(`update ${row.type} ${id} ${row.patient}`);
  }
  for (const [id, row] of before) if (!after.has(id)) acts.push(`remove ${row.type} ${id} ${row.patient}`);
  return acts.sort();
}

test(`${MUTATIONS} random changes: what was changed and answered is what was entered`, async () => {
  const { pools, patientOf, viewerOf } = await furnish(hospital);
  const random = new Random(SEED);
  const log: (Asked & { acts: string[] })[] = [];
  let before = await rows();
  for (let count = 0; count < MUTATIONS; count += 1) {
    const who = random.pick(people);
    const mutation = random.pick(mutations);
    const input = await drawInput(hospital, random, mutation);
    const document = new DocumentMaker(schema, pools, random).mutation(mutation, inputTypes[mutation], input);
    const { body, requestId } = await hospital.as(who).ask(document.text, document.variables);
    const after = await rows();
    for (const row of after.values()) if (row.type !== 'careTeam') patientOf.set(row.id, row.patient);
    const known: Known = { schema, patientOf };
    const disclosure = new DisclosureReader(known, document, viewerOf(who)).read(body);
    log.push({ who, document, body, requestId, disclosure, acts: written(before, after) });
    before = after;
  }
  const entries = await entriesByRequest(hospital);
  const faults = log.flatMap((asked) => {
    const all = entries.get(asked.requestId) ?? [];
    const changes = all.filter(({ o, k }) => o !== null && o.i !== null && k === 'ok');
    const acts = changes.map(({ a, o, p }) => `${a} ${o!.t} ${o!.i} ${p.join()}`).sort();
    const told = all.filter((entry) => !changes.includes(entry));
    const fault = faultOf(hospital, asked, told);
    const wrong = JSON.stringify(acts) === JSON.stringify(asked.acts) ? null : { acts, wanted: asked.acts };
    return fault || wrong ? { who: asked.who, ...describe(asked.document), body: asked.body, fault, wrong } : [];
  });
  if (faults.length > 0)
    throw new Error(`${faults.length} of ${MUTATIONS}: ${JSON.stringify(faults.slice(0, 3), null, 1)}`);

  // and they were worth making: most of them change something, and some are refused
  const share = (holds: (one: (typeof log)[number]) => boolean) => log.filter(holds).length / log.length;
  const refused = ({ outcome }: Expected) => outcome === 'refused';
  expect(share(({ acts }) => acts.length > 0)).toBeGreaterThan(0.2);
  expect(share(({ disclosure }) => disclosure.entries.some(refused))).toBeGreaterThan(0.05);
}, 600_000);

function describe({ text, variables }: RandomDocument): object {
  return { text, variables };
}
