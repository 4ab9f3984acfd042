import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';
import { makeSchema } from '../../server/app';
import { newId } from '../../server/platform/ids';
import { askToErase, provenPark } from '../support/erasing';
import { Hospital, type Name, type Person } from '../support/hospital';

/**
 * The ways to ask for something by its id are not written out here but found in the schema, so that an operation added
 * tomorrow is tried too: each answers for an erased patient exactly as for an id that never was.
 */

let hospital: Hospital;
const people = new Map<string, Person>();
/** Ids of what was the erased patient's: the record, a visit, a treatment update. */
let lost: string[];
/** Ids that stand, for whatever else an operation wants. */
let other: { patientId: string; userId: string; keepId: string; mergeId: string };
let mrn: string;

beforeAll(async () => {
  hospital = await Hospital.open();
  const patient = await hospital.patient({}, 'adeyemi', ['lindqvist', 'okafor']);
  const visit = await hospital.visit(patient, { reason: 'Cough' });
  const treatment = await hospital.treatment(patient, 'Rest');
  const twin = (await hospital.patient()).id; // to be merged with whoever is asked about
  other = { patientId: (await hospital.patient()).id, userId: hospital.idOf('okafor'), keepId: twin, mergeId: twin };
  lost = [patient.id, visit.id, treatment.id];
  mrn = patient.mrn;
  const park = await provenPark(hospital);
  expect((await askToErase(park, patient)).code).toBeUndefined();
  people.set('park', park);
  for (const name of ['adeyemi', 'okonkwo', 'okafor', 'lindqvist', 'brandt', 'lab'] satisfies Name[]) {
    await hospital.as(name).stepUp(hospital.account(name)); // else whatever wants a proof would be refused for lack of it
    people.set(name, hospital.as(name));
  }
  people.set('a stranger', hospital.stranger);
});
afterAll(() => hospital?.close());

/** Entries of the log name patients for good: former accesses stay listed. */
const EXEMPT = ['auditEntries'];
/** Reports are made of those entries; who sees the whole log is asked about accesses to erased records, too. */
const REPORTS = ['accessReport', 'accountingOfDisclosures'];
const SEE_THE_WHOLE_LOG = ['park', 'brandt'];

/** One place of an operation where an id goes. */
interface Way {
  root: 'query' | 'mutation';
  operation: string;
  document: string;
  variables: (id: string) => Record<string, unknown>;
  place: string;
}

function waysIn(): Way[] {
  const schema = makeSchema(hospital.runtime);
  return (['query', 'mutation'] as const).flatMap((root) => {
    const type = root === 'query' ? schema.getQueryType()! : schema.getMutationType()!;
    return Object.values(type.getFields()).flatMap(({ name, args, type: answer }) =>
      EXEMPT.includes(name) ? [] : waysOf(root, name, args, answer),
    );
  });
}

function waysOf(root: Way['root'], operation: string, args: readonly GraphQLArgument[], answer: GraphQLOutputType): Way[] {
  const given = args.filter((argument) => isNonNullType(argument.type) || idPaths(argument).length > 0);
  const heads = given.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isCompositeType(getNamedType(answer)) ? '{ __typename }' : '';
  const document = `${root} (${heads}) { ${operation}(${passed}) ${selection} }`;
  return given.flatMap((argument) =>
    idPaths(argument).map((path) => ({
      root,
      operation,
      document,
      place: path.join('.'),
      variables: (id) => Object.fromEntries(given.map((each) => [each.name, sample(each, [each.name], path, id)])),
    })),
  );
} // prettier-ignore

/** Where below this argument ids stand; ids of staff and sessions are not asked about here. */
function idPaths(field: GraphQLArgument | GraphQLInputField, above: string[] = []): string[][] {
  const path = [...above, field.name];
  const type = getNamedType(field.type);
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((inner) => idPaths(inner, path));
  return type.name === 'ID' && !/user|actor|attending/i.test(field.name) ? [path] : [];
}

/** A value that a well-meaning caller would give; the id in question where `wanted` leads. */
function sample(field: GraphQLArgument | GraphQLInputField, at: string[], wanted: string[], id: string): unknown {
  const leads = at.every((name, depth) => wanted[depth] === name);
  if (leads && at.length === wanted.length) return isListType(nullable(field.type)) ? [id] : id;
  if (!leads && !isNonNullType(field.type)) return undefined;
  const type = getNamedType(field.type);
  if (isListType(nullable(field.type))) return [];
  if (isInputObjectType(type)) {
    const inner = Object.values(type.getFields());
    return Object.fromEntries(inner.map((each) => [each.name, sample(each, [...at, each.name], wanted, id)]));
  }
  if (isEnumType(type)) return type.getValues()[0]!.value;
  if (field.name in other) return other[field.name as keyof typeof other];
  if (field.name === 'confirmMrn') return mrn;
  if (field.name === 'to') return '2026-04-01T09:00:00Z'; // after `from`
  if (field.name === 'scopes') return ['patient.read'];
  const scalars: Record<string, unknown> = {
    ID: newId(), String: 'Said in writing', Int: 1, Float: 1, Boolean: true, DateTime: '2026-03-01T09:00:00Z', LocalDate: '1980-01-01',
  }; // prettier-ignore
  if (!isScalarType(type) || !(type.name in scalars)) throw new Error(`No sample of ${type.name}.`);
  return scalars[type.name];
}

function nullable(type: GraphQLInputType): GraphQLInputType {
  return isNonNullType(type) ? type.ofType : type;
}

async function answerTo(person: Person, { document, variables }: Way, id: string): Promise<string> {
  const { status, data, body } = await person.ask(document, variables(id));
  const { errors = [] } = JSON.parse(body) as { errors?: { message: string; extensions: Record<string, unknown> }[] };
  const told = errors.map(({ message, extensions: { requestId: _differs, ...rest } }) => ({ message, ...rest }));
  return JSON.stringify({ status, data, told }).replaceAll(id, 'the id');
}

test('the schema has ways to ask, and the ones that matter are among them', () => {
  const ways = waysIn().map(({ operation, place }) => `${operation}(${place})`);
  expect(ways).toEqual(
    expect.arrayContaining([
      'patient(id)', 'visit(id)', 'node(id)', 'visits(patientId)', 'treatmentUpdates(patientId)', 'encryptedRecord(patientId)',
      'updatePatient(input.id)', 'deletePatient(input.id)', 'restorePatient(input.id)', 'erasePatient(input.id)',
      'createVisit(input.patientId)', 'updateVisit(input.id)', 'amendVisit(input.id)', 'deleteVisit(input.id)',
      'recordVitals(input.visitId)',
      'recordTreatment(input.patientId)', 'recordTreatment(input.visitId)', 'addCareTeamMember(input.patientId)',
    ]),
  ); // prettier-ignore
});

test.each(['park', 'adeyemi', 'okonkwo', 'okafor', 'lindqvist', 'brandt', 'lab', 'a stranger'])(
  'to %s an erased patient is as if there had never been one',
  async (name) => {
    const person = people.get(name)!;
    let asked = 0;
    for (const way of waysIn()) {
      const reported = REPORTS.includes(way.operation) && SEE_THE_WHOLE_LOG.includes(name);
      const never = await answerTo(person, way, newId());
      for (const id of reported ? lost.slice(1) : lost) {
        expect([way.operation, way.place, await answerTo(person, way, id)]).toEqual([way.operation, way.place, never]);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(50);
  },
);

test('the same questions about a patient who is there are answered otherwise, so they ask what they seem to ask', async () => {
  const alike: string[] = [];
  for (const way of waysIn()) {
    const patient = await hospital.patient({}, 'adeyemi');
    const visit = await hospital.visit(patient);
    const treatment = await hospital.treatment(patient, 'Rest');
    if (way.operation === 'restorePatient') {
      const gone = { id: patient.id, expectedVersion: 1, reason: 'Registered twice' };
      await hospital.as('adeyemi').do('deletePatient', gone);
    }
    const answers = new Set<string>();
    for (const id of [newId(), patient.id, visit.id, treatment.id]) {
      for (const name of ['park', 'adeyemi']) answers.add(`${name} ${await answerTo(people.get(name)!, way, id)}`);
    }
    if (answers.size <= 2) alike.push(`${way.operation}(${way.place})`);
  }
  // the visit asked about is never the other patient's; sessions, accounts, API clients and alarms are nobody's record; grants
  // and merges have ids of their own, and neither a list of them nor the list of an API client says whether there is such a patient
  expect(alike.sort()).toEqual([
    'acknowledgeLogAlarm(input.id)', 'breakGlassGrants(filter.patientId)', 'createApiClient(input.patientIds)', 'endBreakGlass(input.id)', 'reviewBreakGlass(input.id)', 'snoopingFindings(filter.patientId)', 'snoopingFindings(filter.personId)', 'reviewSnooping(input.id)',
    'revokeApiClient(input.credentialId)', 'revokeApiClient(input.id)', 'rotateApiClientSecret(input.id)', 'updateApiClient(input.id)', 'updateApiClient(input.patientIds)', 'removePassword(input.id)',
    'deactivateUser(input.id)', 'reactivateUser(input.id)', 'endSession(input.id)', 'recordTreatment(input.visitId)', 'removePasskey(input.id)', 'renamePasskey(input.id)', 'resetPassword(input.id)', 'resetSecondFactor(input.id)',
    'updateUser(input.id)', 'unmergePatients(input.mergeId)',
  ].sort());
}); // prettier-ignore

test('Dr Adeyemi, who had the patient in her care, is answered NOT_FOUND and not refused', async () => {
  const [id] = lost;
  expect((await hospital.as('adeyemi').ask(`{ patient(id: "${id}") { id } }`)).code).toBe('NOT_FOUND');
  expect((await hospital.as('park').ask(`{ encryptedRecord(patientId: "${id}") { column } }`)).code).toBe('NOT_FOUND');
});

test('what is asked of another patient beside it does not show it: care team, visits, lists', async () => {
  const body = await hospital.as('park').ask('{ patients(first: 100) { edges { node { id } } } visits(first: 100) { edges { node { id } } } }');
  for (const id of lost) expect(body.body).not.toContain(id);
}); // prettier-ignore
