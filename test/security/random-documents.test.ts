import { buildClientSchema, introspectionFromSchema, isObjectType, type GraphQLSchema } from 'graphql';
import { makeSchema } from '../../server/app';
import { DisclosureReader } from '../support/disclosed';
import { Hospital, type Name } from '../support/hospital';
import { entriesByRequest, faultOf, type Asked } from '../support/logged';
import { DocumentMaker, type Pools, type RandomDocument } from '../support/random-document';
import { Random } from '../support/random';
import { tellsNothing, told, type Known, type Viewer } from '../support/what-is-told';
import { furnish } from '../support/random-hospital';

/**
 * Every answer equals its entries: random documents, each asked by three people or five. More documents, or one of them again:
 * `RANDOM_DOCUMENTS=20000 npx jest random-documents`, `RANDOM_SEED=4711 RANDOM_DOCUMENTS=1 npx jest random-documents`.
 */
const DOCUMENTS = Number(process.env.RANDOM_DOCUMENTS ?? 2_000);
const SEED = Number(process.env.RANDOM_SEED ?? 20_261);
const people: readonly Name[] = ['adeyemi', 'lindqvist', 'park'];
/** Asked now and then: who cares for nobody here, and who may see no record at all. */
const further: readonly Name[] = ['okafor', 'brandt'];

/** Requests under way at once. */
const AT_ONCE = 16;

let hospital: Hospital;
let schema: GraphQLSchema;
let pools: Pools;
let known: Known;
let viewerOf: (who: Name) => Viewer;

beforeAll(async () => {
  hospital = await Hospital.open();
  schema = buildClientSchema(introspectionFromSchema(makeSchema(hospital.runtime)));
  const furnished = await furnish(hospital);
  pools = furnished.pools;
  known = { schema, patientOf: furnished.patientOf };
  viewerOf = furnished.viewerOf;
});
afterAll(() => hospital?.close());

/** A question that can be asked again. */
type Drawn = Asked & { seed: number };

async function ask(who: Name, document: RandomDocument, seed: number): Promise<Drawn> {
  const { body, requestId } = await hospital.as(who).ask(document.text, document.variables);
  const disclosure = new DisclosureReader(known, document, viewerOf(who)).read(body);
  return { seed, who, document, body, requestId, disclosure };
}

async function demandTrue(asked: Drawn[]): Promise<void> {
  const entries = await entriesByRequest(hospital);
  const faults = asked.flatMap((one) => {
    const fault = faultOf(hospital, one, entries.get(one.requestId) ?? []);
    const { seed, who, document, body } = one;
    return fault ? { again: `RANDOM_SEED=${seed} RANDOM_DOCUMENTS=1`, who, ...document, body, fault } : [];
  });
  if (faults.length > 0)
    throw new Error(`${faults.length} of ${asked.length}: ${JSON.stringify(faults.slice(0, 3), null, 1)}`);
}

/** Works through them, several at once. */
async function inTurn<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
  const rest = things.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const thing of rest) await work(thing);
    }),
  );
}

test('every type, and every field of what is a patient’s, was thought about', () => {
  for (const [type, fields] of Object.entries(told)) {
    const described = schema.getType(type);
    const names = Object.keys((described as { getFields?: () => object }).getFields?.() ?? {});
    expect(Object.keys(fields).sort()).toEqual(names.sort());
  }
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
  const known = [...Object.keys(told), ...tellsNothing, 'Query', 'Mutation', 'Subscription'];
  expect(types.map(({ name }) => name).sort()).toEqual(known.sort());
});

test(`${DOCUMENTS} random documents: what was answered is what was entered`, async () => {
  const asked: Drawn[] = [];
  const seeds = Array.from({ length: DOCUMENTS }, (_, place) => SEED + place);
  await inTurn(seeds, async (seed) => {
    const document = new DocumentMaker(schema, pools, new Random(seed)).query();
    for (const who of seed % 10 === 0 ? [...people, ...further] : people) asked.push(await ask(who, document, seed));
  });
  await demandTrue(asked);

  if (DOCUMENTS < 1_000) return;
  // and they were worth asking: most are answered, many disclose, some are refused
  const count = (holds: (one: Drawn) => boolean) => asked.filter(holds).length / asked.length;
  const has = (one: Drawn, action: string) => one.disclosure.entries.some((entry) => entry.action === action);
  expect(count(({ body }) => body.includes('"data":{'))).toBeGreaterThan(0.5);
  expect(count((one) => has(one, 'read'))).toBeGreaterThan(0.3);
  expect(count(({ disclosure }) => disclosure.entries.some(({ outcome }) => outcome === 'refused'))).toBeGreaterThan(
    0.02,
  );
  expect(count((one) => has(one, 'search'))).toBeGreaterThan(0.01);
}, 600_000);
