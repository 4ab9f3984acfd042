import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { makeSchema } from '../../server/app';
import { errorCatalogue } from '../../server/graphql/errors';
import { Hospital, type Name, type Patient } from '../support/hospital';
import { Random } from '../support/random';

const SEED = 20_260_909;
/** Requests for each operation. */
const EACH = 6;
const MARK = 'Zanary';

/** What no error may show, and no answer's error part quotes. */
const FORBIDDEN =
  /\bat .*\.(ts|js)\b|node_modules|\bSELECT\b|\bINSERT\b|\bUPDATE |\brelation\b|\bcolumn\b|constraint|patient_search|app_user|audit_pending|stack|zanary|postgres|SQLSTATE|invalid input syntax|Error:/i;
/** Nothing that was sent may bring these about. */
const FAULTS_OF_OURS = ['INTERNAL', 'INTEGRITY_VIOLATION', 'AUDIT_UNAVAILABLE'];
/** Would sign people out in the middle. */
const LEFT_OUT = ['signOut', 'endOtherSessions'];

let hospital: Hospital;
let patient: Patient;
let visit: string;
beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({ name: { family: 'Zanaryova', given: ['Zanary'] } });
  visit = (await hospital.visit(patient)).id;
});
afterAll(() => hospital?.close());

const hostile = {
  Int: [0, -1, 1, 2_147_483_647, -2_147_483_648, 2_147_483_648, 1.5, '1', MARK, null],
  Float: [0, -1, 1e308, -1e308, 5e-324, '1', MARK],
  Boolean: [true, false, 'true', 1, null],
  DateTime: [MARK, '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '+275760-09-13T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01', 0],
  LocalDate: [MARK, '2026-02-30', '0000-01-01', '9999-12-31', '1950-05-05', '-0001-01-01', 19500505],
  text: [MARK, '', ' ', `${MARK}'; DROP TABLE patient; --`, `${MARK}\0`, '\ud800', `\u202e${MARK}`, `${MARK}`.repeat(5000), '%_\\', '{"$gt":""}', `<script>${MARK}</script>`, 'x@y.z', 0, null, [MARK], { [MARK]: MARK }],
}; // prettier-ignore

class Breaker {
  constructor(private readonly random: Random) {}

  value(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.random.chance(0.05) ? null : this.value(type.ofType);
    if (isListType(type)) {
      if (this.random.chance(0.1)) return MARK;
      return Array.from({ length: this.random.int(0, 3) }, () => this.value(type.ofType));
    }
    if (isInputObjectType(type)) return this.object(Object.values(type.getFields()));
    if (isEnumType(type)) return this.random.pick([...type.getValues().map(({ name }) => name), MARK.toUpperCase()]);
    const { name } = type as { name: string };
    if (name === 'ID') {
      return this.random.pick([patient.id, visit, hospital.idOf('park'), '01890000-0000-7000-8000-000000000000', MARK, "' OR 1=1", '', patient.id.toUpperCase(), 7]); // prettier-ignore
    }
    return this.random.pick<unknown>(hostile[name as keyof typeof hostile] ?? hostile.text);
  }

  private object(fields: { name: string; type: GraphQLInputType }[]): unknown {
    if (this.random.chance(0.03)) return this.random.pick<unknown>([MARK, [], null, 5]);
    const wanted = fields.filter(({ type }) => isNonNullType(type) || this.random.chance(0.5));
    const entries = wanted.filter(() => !this.random.chance(0.04)).map(({ name, type }) => [name, this.value(type)]);
    if (this.random.chance(0.04)) entries.push([MARK, MARK]);
    return Object.fromEntries(entries);
  }
}

function documentOf(kind: 'query' | 'mutation', { name, args, type }: GraphQLField<unknown, unknown>): string {
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isLeafType(getNamedType(type)) ? '' : ' { __typename }';
  return `${kind}${declared && ` (${declared})`} { ${name}${passed && `(${passed})`}${selection} }`;
}

test('half a character in an e-mail address is the sender’s fault, in whatever field', async () => {
  const document = 'mutation ($input: AcceptInviteInput!) { acceptInvite(input: $input) { expiresAt } }';
  const input = { token: MARK, password: 'a long enough password', email: '\ud800@ward.example' };
  expect((await hospital.stranger.ask(document, { input })).code).toBe('BAD_USER_INPUT');
});

interface Told {
  errors?: { message: string; extensions: { code: string; fields?: unknown } }[];
}

test('a NUL is the sender’s fault where PostgreSQL is asked for it', async () => {
  const asked = '{ auditEntries(filter: { operation: "Look\\u0000" }) { totalCount } }';
  expect((await hospital.as('adeyemi').ask(asked)).code).toBe('BAD_USER_INPUT');
});

test('whatever is sent to whichever operation, an error is one of the catalogue, of the sender’s making, and tells nothing', async () => {
  const schema = makeSchema(hospital.runtime);
  const breaker = new Breaker(new Random(SEED));
  const people: (Name | 'stranger')[] = ['park', 'adeyemi', 'lindqvist', 'stranger'];
  const wrong: string[] = [];
  const codes = new Map<string, number>();
  let asked = 0;
  for (const kind of ['query', 'mutation'] as const) {
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    for (const field of Object.values(root!.getFields())) {
      if (LEFT_OUT.includes(field.name)) continue;
      const document = documentOf(kind, field);
      for (let n = 0; n < EACH; n += 1) {
        const who = people[(asked += 1) % people.length]!;
        const variables = Object.fromEntries(field.args.map(({ name, type }) => [name, breaker.value(type)]));
        const person = who === 'stranger' ? hospital.stranger : hospital.as(who);
        const { status, body } = await person.ask(document, variables);
        const errors = (JSON.parse(body) as Told).errors ?? [];
        for (const { message, extensions } of errors) {
          const { code } = extensions;
          codes.set(code, (codes.get(code) ?? 0) + 1);
          const known = code in errorCatalogue && !FAULTS_OF_OURS.includes(code);
          if (known && status < 500 && !FORBIDDEN.test(JSON.stringify([message, extensions]))) continue;
          wrong.push(`${who} ${field.name} ${JSON.stringify(variables).slice(0, 300)}: ${status} ${JSON.stringify([message, extensions]).slice(0, 300)}`); // prettier-ignore
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(300);
  // it got as far as the rules of inputs, permissions and look-ups, and not only to the parser of variables
  expect([...codes.keys()]).toEqual(
    expect.arrayContaining(['BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND']),
  );
});
