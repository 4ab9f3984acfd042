import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { newId } from '../../server/platform/ids';
import { Hospital, type Entry, type Patient, type Person } from '../support/hospital';
import { statements } from '../support/statements';

/** What a curious person who knows GraphQL tries so that the log says less, or something else, than what was done. */

let hospital: Hospital;
let own: Patient;
let others: Patient;
let man: Patient;
beforeAll(async () => {
  hospital = await Hospital.open();
  own = await hospital.patient({ name: { family: 'Lindgren', given: ['Astrid'] } }, 'adeyemi', ['lindqvist']);
  man = await hospital.patient({ name: { family: 'Berg', given: ['Karl'] }, gender: 'MALE' }, 'adeyemi', ['lindqvist']);
  others = await hospital.patient({ mrn: 'SECRET-7' }, 'okonkwo');
});
afterAll(() => hospital?.close());

/** Entries of what the nurse does. */
function nurse(document: string, variables: Record<string, unknown> = {}): Promise<(Entry & { k: string })[]> {
  return hospital.entriesOf(() => hospital.as('lindqvist').ask(document, variables));
}

const brief = (entries: Entry[]) => entries.map(({ a, k, f, p }) => [a, k, f, p]);

describe('a refusal', () => {
  test.each([
    ['under the name of another act', (id: string) => `{ update: patient(id: "${id}") { mrn } }`],
    ['with words of one’s own', (id: string) => `{ KarlBergIsIll: patient(id: "${id}") { mrn } }`],
    ['out of a fragment', (id: string) => `{ ...F } fragment F on Query { ... { sign_in: patient(id: "${id}") { mrn } } }`],
    ['with the id as a default', (id: string) => `query ($v: ID! = "${id}") { a: patient(id: $v) { mrn } }`],
    ['twice for one patient', (id: string) => `{ a: patient(id: "${id}") { id } b: patient(id: "${id.toUpperCase()}") { id } }`],
  ])('%s is entered as what it was', async (_, document) => {
    expect(brief(await nurse(document(others.id)))).toEqual([['patient', 'refused', [], [others.id]]]);
  }); // prettier-ignore

  test('for the role alone names the patient all the same; an id of nobody is no patient', async () => {
    const stored = 'query ($id: ID!) { encryptedRecord(patientId: $id) { tag } }';
    expect(brief(await nurse(stored, { id: others.id }))).toEqual([['encryptedRecord', 'refused', [], [others.id]]]);
    const nobody = '0192a000-0000-7000-8000-000000000000';
    expect(brief(await nurse(stored, { id: nobody }))).toEqual([['encryptedRecord', 'refused', [], []]]);
    const erase = 'mutation ($i: ErasePatientInput!) { erasePatient(input: $i) { json } }';
    const input = { id: own.id, reason: 'Out of curiosity', confirmMrn: own.mrn };
    expect(brief(await nurse(erase, { i: input }))).toEqual([['erasePatient', 'refused', [], [own.id]]]);
  });

  test('of one field names nobody whom another field was about', async () => {
    const second = await hospital.patient({}, 'okonkwo');
    const both = `{ patient(id: "${others.id}") { id } node(id: "${second.id}") { id } }`;
    expect(brief(await nurse(both)).sort()).toEqual([
      ['node', 'refused', [], [second.id]],
      ['patient', 'refused', [], [others.id]],
    ]);
  });
});

test('an entry of more patients than fit into one is several: none is lost for being too long', async () => {
  const patients = Array.from({ length: 2_500 }, newId);
  const refused = { action: 'patient', outcome: 'refused', patients } as const;
  const entries = await hospital.entriesOf(() =>
    runIn(systemContext('test'), () => hospital.runtime.base.audit.record(refused)),
  );
  expect(entries.flatMap(({ p }) => p).sort()).toEqual(patients.sort());
  expect(entries.map(({ a, k, p }) => [a, k, p.length])).toEqual(
    [1_000, 1_000, 500].map((n) => ['patient', 'refused', n]),
  );
});

describe('telling without opening', () => {
  test('that a patient is a man, by standing in a list of men', async () => {
    const entries = brief(await nurse('{ patients(filter: { gender: MALE }) { edges { node { id } } } }'));
    expect(entries).toEqual([['read', 'ok', ['gender'], [man.id]]]);
  });

  test('that a patient is called so, by being found', async () => {
    const entries = brief(await nurse('{ patients(search: "berg") { edges { node { version } } } }'));
    expect(entries).toEqual([['read', 'ok', ['search'], [man.id]]]);
  });

  test('that there is no diagnosis, no treatment, no visit, no e-mail', async () => {
    const none = `{ patient(id: "${own.id}") { diagnosis treatment email visits { totalCount } } }`;
    const told = ['diagnosis', 'email', 'treatment', 'visits'];
    expect(brief(await nurse(none))).toEqual([['read', 'ok', told, [own.id]]]);
  });

  test('which record numbers there are, by trying to give them away', async () => {
    const doctor = hospital.as('adeyemi');
    const take = () => doctor.refused('updatePatient', { id: own.id, expectedVersion: 1, mrn: 'SECRET-7' });
    expect(brief(await hospital.entriesOf(take))).toEqual([['search', 'ok', [], []]]);
  });
});

test('a search that finds nobody cannot hide behind a read', async () => {
  const entries = await nurse(`{ patient(id: "${own.id}") { phone } patients(search: "Okonkwo") { totalCount } }`);
  expect(brief(entries).sort()).toEqual([
    ['read', 'ok', ['phone'], [own.id]],
    ['search', 'ok', [], []],
  ]);
  expect(JSON.stringify(entries)).not.toContain('Okonkwo');
});

test('an answer that fails as a whole told nobody anything', async () => {
  const torn = `{ patient(id: "${own.id}") { mrn } treatmentUpdates(patientId: "${others.id}") { totalCount } }`;
  expect(brief(await nurse(torn))).toEqual([['treatmentUpdates', 'refused', [], [others.id]]]);
});

describe('what one does and sees cannot be entered as another’s, by signing in as them at the end of the document', () => {
  const read = 'updatePatient(input: { id: $id, expectedVersion: 1 }) { name { family } }';
  let doctor: Person;
  beforeEach(async () => {
    doctor = hospital.visitor();
    await doctor.signIn(hospital.account('adeyemi'));
  });

  test.each(['lindqvist', 'adeyemi'] as const)('with the password of %s', async (name) => {
    const { email, password } = hospital.account(name);
    const document = `mutation ($id: ID!, $input: SignInInput!) { ${read} signIn(input: $input) { expiresAt } }`;
    let code: string | undefined;
    const entries = await hospital.entriesOf(async () => {
      ({ code } = await doctor.ask(document, { id: own.id, input: { email, password } }));
    });
    const self = name === 'adeyemi';
    expect(code).toBe(self ? undefined : 'FORBIDDEN');
    expect(entries.map(({ a, k, by }) => [a, k, by.u])).toEqual(
      self
        ? [
            ['sign-in', 'ok', hospital.idOf('adeyemi')],
            ['read', 'ok', hospital.idOf('adeyemi')],
          ]
        : [['signIn', 'refused', hospital.idOf('adeyemi')]],
    );
  });

  test('with the cookie of somebody else’s session, which stands all the same', async () => {
    const nurses = hospital.visitor();
    await nurses.signIn(hospital.account('lindqvist'));
    doctor.cookie = nurses.cookie;
    const document = `mutation ($id: ID!) { ${read} refreshSession { expiresAt } }`;
    const entries = await hospital.entriesOf(async () => {
      expect((await doctor.ask(document, { id: own.id })).code).toBe('FORBIDDEN');
    });
    expect(entries.map(({ a, k, by }) => [a, k, by.u])).toEqual([
      ['refreshSession', 'refused', hospital.idOf('adeyemi')],
    ]);
    expect((await nurses.refresh()).code).toBeUndefined();
  });
});

test('a password cannot be guessed thirty times in one document', async () => {
  const park = hospital.visitor();
  await park.signIn(hospital.account('park'));
  const right = `right: stepUp(input: { password: ${JSON.stringify(hospital.account('park').password)} })`;
  const attempt = async (many: number) => {
    const guesses = Array.from({ length: many }, (_, n) => `g${n}: stepUp(input: { password: "guess number ${n}" })`);
    const { body } = await park.ask(`mutation { ${guesses.join(' ')} ${right} }`);
    const { data, errors } = JSON.parse(body) as { data?: unknown; errors: { extensions: { code: string } }[] };
    return { data, codes: errors.map(({ extensions }) => extensions.code) };
  };
  // proving a password costs so much that a document of many is not begun
  expect(await attempt(30)).toEqual({ data: undefined, codes: ['QUERY_TOO_COSTLY'] });
  // and each is what the whole mutation stands or falls with: the first wrong one ends it
  expect(await attempt(3)).toEqual({ data: null, codes: ['BAD_USER_INPUT'] });
});

test('whatever is typed into the search box, the database is asked a bounded number of times', async () => {
  const park = hospital.as('park');
  const typed = [
    'a '.repeat(100),
    Array.from({ length: 40 }, (_, n) => String.fromCharCode(97 + (n % 26)) + (n % 10)).join(' '),
    '1 '.repeat(100),
    'ab-cd-ef-gh-ij-kl-mn-op-qr-st-uv-wx-yz-'.repeat(5),
    '𝒶́'.repeat(60),
    '@'.repeat(200),
  ];
  for (const search of typed) {
    const sent = await statements(async () => {
      const answer = await park.ask('query ($s: String) { patients(search: $s, first: 100) { totalCount edges { node { id } } } }', { s: search.slice(0, 200) });
      expect(answer.code).toBeUndefined();
    }); // prettier-ignore
    expect(sent.length).toBeLessThan(200);
  }
});
