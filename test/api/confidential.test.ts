import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  printSchema,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';
import { operationTable, permissionTable, reachOf, type Permission } from '../../server/access/permissions';
import type { Role } from '../../server/graphql/context';
import { makeSchema } from '../../server/app';
import { newId } from '../../server/platform/ids';
import { breakGlass, hide } from '../support/emergency';
import { STEP_UP } from '../support/erasing';
import { Hospital, type Name, type Patient, type Person } from '../support/hospital';
import { statements } from '../support/statements';

/**
 * Nobody outside the care team can tell a confidential patient from nobody. The ways that are tried are not listed here but
 * found in the schema: every place in every operation that takes an id is given one of the patient's and, for comparison,
 * one of nobody's.
 */

/** One way of asking with an id: the operation, and the place of the id below its arguments, such as `input.patientId`. */
interface Way {
  kind: 'query' | 'mutation';
  field: GraphQLField<unknown, unknown>;
  place: string[];
}

type Takes = Pick<GraphQLInputField, 'name' | 'type'>;

let hospital: Hospital;
let ways: Way[];
let hidden: Record<'patient' | 'visit' | 'treatment' | 'place' | 'grant', string>;
let own: Patient;
let mrn: string;
const outside = ['adeyemi', 'okafor', 'lindqvist', 'brandt', 'lab'] as const satisfies readonly Name[];

beforeAll(async () => {
  hospital = await Hospital.open();
  const schema = buildSchema(printSchema(makeSchema(hospital.runtime)));
  ways = (['query', 'mutation'] as const).flatMap((kind) => {
    const root = kind === 'query' ? schema.getQueryType()! : schema.getMutationType()!;
    return Object.values(root.getFields()).flatMap((field) =>
      field.args.flatMap((arg) => idsBelow(arg, [])).map((place) => ({ kind, field, place })),
    );
  });
  const patient = await hospital.patient({ name: { family: 'Verborgen', given: ['Ada'] } }, 'okonkwo');
  own = await hospital.patient({}, 'okonkwo', ['adeyemi', 'okafor', 'lindqvist']);
  mrn = patient.mrn;
  const { careTeam } = (await hospital.as('okonkwo').get<{ patient: { careTeam: { id: string }[] } }>(`{ patient(id: "${patient.id}") { careTeam { id } } }`)).patient; // prettier-ignore
  hidden = {
    patient: patient.id,
    visit: (await hospital.visit(patient, {}, 'okonkwo')).id,
    treatment: (await hospital.treatment(patient, 'Rest', 'okonkwo')).id,
    place: careTeam[0]!.id,
    grant: (await broken(patient)).id,
  };
  await hide(hospital, patient);
  for (const name of outside) await hospital.as(name).get(STEP_UP, { password: hospital.account(name).password });
});
afterAll(() => hospital?.close());

/** A grant of somebody else's, so that there is the id of one. */
async function broken(patient: Patient): Promise<{ id: string }> {
  const hired = await hospital.desk.hire('Nurse Moreau', 'NURSE');
  const person = hospital.visitor();
  await person.signIn(hired);
  await person.get(STEP_UP, { password: hired.password });
  return breakGlass(person, patient);
}

/** Where below this argument or field an id is taken. */
function idsBelow({ name, type }: Takes, above: string[], deep = 0): string[][] {
  const named = getNamedType(type);
  const here = [...above, name];
  if (named.name === 'ID') return [here];
  if (!isInputObjectType(named) || deep > 4) return [];
  return Object.values(named.getFields()).flatMap((field) => idsBelow(field, here, deep + 1));
}

/** A value for an argument: what is required, and at `place` the id. */
function valueOf(field: Takes, place: readonly string[], id: string): unknown {
  const type: GraphQLInputType = isNonNullType(field.type) ? field.type.ofType : field.type;
  if (isListType(type)) return [valueOf({ name: field.name, type: type.ofType }, place, id)];
  if (isInputObjectType(type)) {
    const [next, ...rest] = place;
    const given = Object.values(type.getFields()).filter((below) => below.name === next || isRequiredInputField(below));
    return Object.fromEntries(
      given.map((below) => [below.name, valueOf(below, below.name === next ? rest : [NO], id)]),
    );
  }
  if (isEnumType(type)) return type.getValues()[0]!.name;
  const made: Record<string, unknown> = {
    ID: place.length === 0 ? id : field.name === 'userId' ? hospital.idOf('lindqvist') : own.id,
    Int: 1,
    Float: 37,
    Boolean: true,
    DateTime: '2026-03-01T09:00:00.000Z',
    LocalDate: '1980-01-01',
  };
  return made[type.name] ?? 'Looking for somebody';
}

/** A place that no field has. */
const NO = '';

/** Asks by one way with one id; answers what came back, with the id and the request taken out. */
async function asked(person: Person, { kind, field, place }: Way, id: string): Promise<string> {
  const given = field.args.filter((arg) => arg.name === place[0] || isRequiredArgument(arg));
  const variables = Object.fromEntries(
    given.map((arg) => [arg.name, valueOf(arg, arg.name === place[0] ? place.slice(1) : [NO], id)]),
  );
  const declared = given.map(({ name, type }) => `$${name}: ${type.toString()}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const text = `${kind} (${declared}) { ${field.name}(${passed}) ${selection(field.type)} }`;
  const { body, requestId, status } = await person.ask(text, variables);
  return `${status} ${body.replaceAll(requestId, '').replaceAll(id, 'ID')}`;
}

function selection(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named) || isUnionType(named) ? '{ __typename }' : '';
}

/** The whole log, and every grant, is an administrator's and an auditor's to see; ids stand in it. */
function seesAll(role: Role, { kind, field }: Way): boolean {
  const demand = operationTable[kind === 'query' ? 'Query' : 'Mutation'][field.name];
  return !!demand && demand in permissionTable && reachOf(role, demand as Permission) === 'all';
}

const oversight = (name: Name, way: Way) => name === 'brandt' && seesAll('AUDITOR', way);
const nameOf = ({ field, place }: Way) => `${field.name}(${place.join('.')})`;

test('the ways found are many, and those one would think of are among them', () => {
  const found = ways.map(nameOf);
  expect(found.length).toBeGreaterThan(30);
  for (const known of ['patient(id)', 'node(id)', 'visits(patientId)', 'explainAccess(patientId)', 'updatePatient(input.id)', 'recordTreatment(input.patientId)', 'breakGlass(input.patientId)', 'auditEntries(filter.patientId)']) expect(found).toContain(known); // prettier-ignore
});

test.each(outside)('%s gets the same bytes for the confidential patient as for nobody, on every way', async (name) => {
  const differing: string[] = [];
  for (const way of ways.filter((each) => !oversight(name, each))) {
    const nobody = await asked(hospital.as(name), way, newId());
    for (const [what, id] of Object.entries(hidden)) {
      const answer = await asked(hospital.as(name), way, id);
      if (answer !== nobody) differing.push(`${nameOf(way)} with the id of the ${what}: ${answer} / ${nobody}`);
    }
  }
  expect(differing).toEqual([]);
});

/** What an answer waited for; what a server does by itself now and then is not part of it. */
const waitedFor = async (person: Person, way: Way, id: string): Promise<string> => {
  const sent = await statements(() => asked(person, way, id));
  return sent.filter((text) => text !== 'SELECT 1' && !/UPDATE session SET last_used_at/.test(text)).join('\n');
};

const patientWays = /patient|visit|vitals|treatment|careTeam|node|explainAccess|printRecord|breakGlass/i;

test.each(['adeyemi', 'lindqvist'] as const)('%s waits for the same statements: none takes longer', async (name) => {
  const differing: string[] = [];
  for (const way of ways.filter(({ field }) => patientWays.test(field.name))) {
    const nobody = await waitedFor(hospital.as(name), way, newId());
    for (const id of [hidden.patient, hidden.visit, hidden.treatment, hidden.grant]) {
      const sent = await waitedFor(hospital.as(name), way, id);
      if (sent !== nobody) differing.push(`${nameOf(way)}\n${sent}\n--\n${nobody}`);
    }
  }
  expect(differing).toEqual([]);
});

test('nor do lists, searches, counts and the log of one’s own acts know of the patient', async () => {
  for (const name of ['adeyemi', 'okafor', 'lindqvist'] as const) {
    const lists = `{ patients(first: 100) { totalCount edges { node { id } } }
      family: patients(search: "verborgen") { totalCount edges { node { id } } } mrn: patients(search: "${mrn}") { totalCount }
      visits(first: 100) { edges { node { id } } } auditEntries(first: 100) { edges { node { canonical } } } }`;
    const { auditEntries, ...shown } = await hospital.as(name).get<{
      family: { totalCount: number };
      mrn: { totalCount: number };
      auditEntries: { edges: { node: { canonical: string } }[] };
    }>(lists);
    expect([shown.family.totalCount, shown.mrn.totalCount]).toEqual([0, 0]);
    expect(JSON.stringify(shown)).not.toMatch(new RegExp(Object.values(hidden).join('|')));
    // what the person asked for stands there as it was asked; who it was is told by `p`, and there it is not
    const named = auditEntries.edges.map(({ node }) => JSON.parse(node.canonical) as { a: string; p: string[] });
    expect(named.filter(({ a, p }) => a !== 'view-log' && p.includes(hidden.patient))).toEqual([]);
  }
});

test('nor does the log of one’s own patients: whom else an entry names is left out, and its bytes with that', async () => {
  const both = await hospital.as('park').ask('{ patients(first: 100) { edges { node { mrn } } } }');
  expect(both.body).toContain(mrn);
  await hospital.signed();
  const adeyemi = hospital.as('adeyemi');
  const entry = '{ action actor { id } patients target { id } canonical }';
  const period = 'from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z"';
  const read = `{ auditEntries(first: 100, filter: { patientId: "${own.id}" }) { edges { node ${entry} } }
    accessReport(patientId: "${own.id}", ${period}) { rows(last: 100) { edges { node { entry ${entry} } } } } }`;
  const { auditEntries, accessReport } = await adeyemi.get<{
    auditEntries: { edges: { node: Named }[] };
    accessReport: { rows: { edges: { node: { entry: Named } }[] } };
  }>(read);
  const told = [
    ...auditEntries.edges.map(({ node }) => node),
    ...accessReport.rows.edges.map(({ node }) => node.entry),
  ];
  const parks = told.filter(({ action, actor }) => action === 'read' && actor.id === hospital.idOf('park'));
  expect(parks).toHaveLength(2);
  expect(parks.map(({ patients, canonical }) => [patients, canonical])).toEqual(parks.map(() => [[own.id], null]));
  expect(JSON.stringify(told)).not.toContain(hidden.patient);
  // who sees the whole log sees the whole entry
  const whole = await hospital.as('brandt').ask(read);
  expect(whole.body).toContain(hidden.patient);
});

interface Named {
  action: string;
  actor: { id: string | null };
  patients: string[];
  canonical: string | null;
}
