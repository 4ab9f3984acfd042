import { buildClientSchema, introspectionFromSchema, parse, type GraphQLSchema } from 'graphql';
import { makeSchema } from '../../server/app';
import { errorCatalogue } from '../../server/graphql/errors';
import { callersOf, hostilePools, type Caller } from '../support/canary-callers';
import { maySee, places, type CanaryWard, type Canary, type Facts, type Viewer } from '../support/canary-ward';
import { Hospital, inputTypes } from '../support/hospital';
import { entriesByRequest } from '../support/logged';
import { DocumentMaker, type Pools, type RandomDocument } from '../support/random-document';
import { drawInput, drawMerge } from '../support/random-input';
import { Random } from '../support/random';

/**
 * Random operations × everybody × ids of every kind, over HTTP: nothing fails, nobody is told of a patient who is not theirs,
 * and what is told has its entry. What may be told is worked out from the tables and not from the permissions.
 * `RANDOM_OPERATIONS=20000 npx jest fuzz-operations` for more, `RANDOM_SEED=4711` for others.
 */
const OPERATIONS = Number(process.env.RANDOM_OPERATIONS ?? 600);
const SEED = Number(process.env.RANDOM_SEED ?? 20_263);

/** Nothing that was asked may bring these about. */
const FAULTS_OF_OURS = ['INTERNAL', 'INTEGRITY_VIOLATION', 'AUDIT_UNAVAILABLE'];
/** Who merges must be an administrator who proved it just now; hardly anybody would be by chance. */
const SHARE_OF_MERGES = 0.04;

interface Told {
  place: number;
  caller: Caller;
  requestId: string;
  canaries: Canary[];
  /** Of each canary, in which records it stood. */
  places: Canary[][];
  document: RandomDocument;
}

let hospital: Hospital;
let schema: GraphQLSchema;
let ward: CanaryWard;
let url: string;
let callers: Caller[];
let merging: Caller;
let pools: Pools;

beforeAll(async () => {
  hospital = await Hospital.open();
  url = `${await hospital.desk.app.fastify.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
  schema = buildClientSchema(introspectionFromSchema(makeSchema(hospital.runtime)));
  ({ ward, callers } = await callersOf(hospital, new Random(SEED)));
  pools = await hostilePools(hospital, ward);
  merging = await proven(callers.find(({ label }) => label === 'park')!);
});
afterAll(async () => {
  await ward?.close();
  await hospital?.close();
});

async function draw(random: Random, { password }: Caller): Promise<RandomDocument> {
  const passwords = password ? [password, password, 'wrong'] : ['wrong'];
  const texts = { ...pools.texts, password: passwords, currentPassword: passwords, newPassword: passwords };
  const maker = new DocumentMaker(schema, { ...pools, texts }, random);
  const kind = random.next();
  if (kind < 0.6) return maker.query();
  if (kind < 0.8) return maker.mutations(new Set());
  const mutation = random.pick(Object.keys(inputTypes) as (keyof typeof inputTypes)[]);
  return maker.mutation(mutation, inputTypes[mutation], await drawInput(hospital, random, mutation));
}

/** The same person in a session of their own, who proves themselves again whenever that has lapsed. */
async function proven(caller: Caller): Promise<Caller> {
  const person = hospital.visitor();
  const again = async () => {
    await person.signIn(hospital.account('park'));
    await person.stepUp(hospital.account('park'));
  };
  await again();
  return { ...caller, label: 'park, proven', token: () => person.token, again };
}

async function ask({ token }: Caller, { text, variables, operationName }: RandomDocument) {
  const held = token();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(held && { authorization: `Bearer ${held}` }) },
    body: JSON.stringify({ query: text, variables, operationName }),
  });
  return {
    status: response.status,
    requestId: String(response.headers.get('x-request-id')),
    body: await response.text(),
  };
}

/** What went wrong on our side, if anything did: a code that is ours, or none of the catalogue. */
function failure(status: number, body: string): string | null {
  const { errors = [] } = JSON.parse(body) as { errors?: { extensions: { code: string } }[] };
  const ours = errors.find(({ extensions: { code } }) => FAULTS_OF_OURS.includes(code) || !(code in errorCatalogue));
  return status >= 500 || ours ? `${status} ${ours?.extensions.code}` : null;
}

/** Answers that told of a patient without an entry that names the patient, what was told, and who asked. */
async function unlogged(answers: Told[]): Promise<object[]> {
  const entries = await entriesByRequest(hospital);
  return answers.flatMap(({ place, caller, requestId, canaries, places: stood, document }) => {
    const own = (entries.get(requestId) ?? []).filter(({ k, by }) => k === 'ok' && by.u === caller.id);
    const silent = canaries.filter(
      (_, which) =>
        !stood[which]!.some(({ patient, group }) =>
          own.some(({ p, f }) => p.includes(patient) && f.some((name) => name.toLowerCase() === group)),
        ),
    );
    return silent.length > 0 ? [{ place, caller: caller.label, silent, ...document }] : [];
  });
}

test(`${OPERATIONS} random operations by everybody: nothing fails, nobody is told what is not theirs, and all of it is entered`, async () => {
  const random = new Random(SEED);
  const [failed, leaked, answers]: [object[], object[], Told[]] = [[], [], []];
  const asked = new Set<string>();
  let [changed, merges, unmerges] = [0, 0, 0];
  let before: Facts = await ward.facts();
  for (let place = 0; place < OPERATIONS; place += 1) {
    const merge = random.chance(SHARE_OF_MERGES);
    const caller = merge && random.chance(0.8) ? merging : random.pick(callers);
    const document = merge
      ? new DocumentMaker(schema, pools, random).mutation(...(await drawMerge(hospital, random)))
      : await draw(random, caller);
    const { status, requestId, body } = await ask(caller, document);
    const mutation = document.text.startsWith('mutation');
    const after = mutation ? await ward.facts() : before;
    const what = { place, caller: caller.label, ...document, body: body.slice(0, 2_000) };
    const fault = failure(status, body);
    if (fault) failed.push({ fault, ...what });
    const canaries = ward.canariesIn(body);
    const foreign = canaries.filter((one) => !maySee(caller, one, before) && !maySee(caller, one, after));
    if (foreign.length > 0) leaked.push({ foreign, ...what });
    const stood = canaries.map((one) => [...places(one, before), ...places(one, after)]);
    if (canaries.length > 0) answers.push({ place, caller, requestId, canaries, places: stood, document });
    const lapsed = caller === merging && body.includes('"MFA_REQUIRED"');
    if (lapsed || body.includes('"UNAUTHENTICATED"')) await caller.again?.();
    else if (mutation && !body.includes('"errors"')) changed += 1;
    for (const field of rootFields(document)) asked.add(field);
    if (after.merged.size > before.merged.size) merges += 1;
    if (after.merged.size < before.merged.size) unmerges += 1;
    before = after;
  }
  const silent = await unlogged(answers);
  const show = (faults: object[]) => faults.slice(0, 3);
  expect({ failed: show(failed), leaked: show(leaked), silent: show(silent) }).toEqual({
    failed: [],
    leaked: [],
    silent: [],
  });

  if (OPERATIONS < 600) return;
  // and they were worth asking: nearly every operation there is, many answers with words of somebody, many changes
  const { Query, Mutation } = { Query: schema.getQueryType()!, Mutation: schema.getMutationType()! };
  const all = [Query, Mutation].flatMap((root) => Object.keys(root.getFields()));
  expect(all.filter((name) => asked.has(name)).length).toBeGreaterThan(all.length * 0.9);
  const toldTo = (sees: Viewer['sees']) => answers.filter(({ caller }) => caller.sees === sees).length;
  expect(toldTo('own')).toBeGreaterThan(OPERATIONS / 100);
  expect(toldTo('everything')).toBeGreaterThan(OPERATIONS / 200);
  expect(toldTo('scope')).toBeGreaterThan(OPERATIONS / 600);
  expect(changed).toBeGreaterThan(OPERATIONS / 100);
  expect([merges, unmerges].map((count) => count > OPERATIONS / 200)).toEqual([true, true]);
}, 600_000);

function rootFields({ text }: RandomDocument): string[] {
  const { definitions } = parse(text);
  return definitions.flatMap((definition) =>
    definition.kind === 'OperationDefinition'
      ? definition.selectionSet.selections.flatMap((selection) =>
          selection.kind === 'Field' ? selection.name.value : [],
        )
      : [],
  );
}
