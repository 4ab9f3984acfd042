import { generateKeyPairSync } from 'node:crypto';
import {
  cosignatureLine,
  quorumAt,
  readNote,
  readPolicy,
  signatureTypes,
  signCheckpoint,
  verdictCodes,
  writePolicy,
  writeVerifierKey,
} from '../../../server/ledger';

const log = generateKeyPairSync('ed25519');
const origin = 'chartseal/ward';
const [ada, bo, cy] = ['ada', 'bo', 'cy'].map((name) => ({ name, ...generateKeyPairSync('ed25519') }));
const people = [ada!, bo!, cy!];
const lines = people.map(
  ({ name, publicKey }) =>
    `witness ${name} ${writeVerifierKey({ name, key: publicKey }, signatureTypes.cosignature)} http://${name}.example`,
);
const text = (rest: string) =>
  [`log ${writeVerifierKey({ name: origin, key: log.publicKey })}`, '# ours', '', ...lines, rest].join('\n');
const note = signCheckpoint({ origin, size: 0, root: Buffer.alloc(32) }, log.privateKey);
const body = note.slice(0, note.indexOf('\n\n') + 1);

/** The note as these have signed it, at these seconds. */
const signedBy = (...signers: [who: number, second: number][]) =>
  readNote(
    note + signers.map(([who, second]) => cosignatureLine(body, people[who]!.name, people[who]!.privateKey, new Date(second * 1000))).join(''), // prettier-ignore
  )!;

describe('a quorum', () => {
  test.each<[string, [number, number][], number | null]>([
    ['quorum none', [[0, 10]], null],
    ['quorum bo', [[0, 10]], null],
    ['quorum bo', [[1, 10]], 10],
    ['group g any ada bo\nquorum g', [[2, 10]], null],
    [
      'group g any ada bo\nquorum g',
      [
        [0, 10],
        [1, 20],
      ],
      20,
    ],
    [
      'group g all ada bo\nquorum g',
      [
        [0, 10],
        [1, 20],
      ],
      10,
    ],
    [
      'group g 2 ada bo cy\nquorum g',
      [
        [0, 10],
        [1, 20],
        [2, 30],
      ],
      20,
    ],
    ['group g 2 ada bo cy\nquorum g', [[2, 30]], null],
    [
      'group g any ada bo\ngroup h all g cy\nquorum h',
      [
        [1, 10],
        [2, 5],
      ],
      5,
    ],
  ])('%s, signed by %j: since %s', (rest, signers, since) => {
    const policy = readPolicy(text(rest));
    expect(quorumAt(signedBy(...signers), policy)?.valueOf() ?? null).toBe(since === null ? null : since * 1000);
    expect(readPolicy(writePolicy(policy.logs, policy))).toEqual(policy);
  });

  test('two signatures of one witness are one witness', () => {
    expect(quorumAt(signedBy([0, 10], [0, 20]), readPolicy(text('group g 2 ada bo\nquorum g')))).toBeNull();
  });

  test('a line under a witness’s name by another key counts for nothing', () => {
    const forged = note + cosignatureLine(body, 'bo', ada!.privateKey, new Date(10_000));
    expect(quorumAt(readNote(forged)!, readPolicy(text('quorum bo')))).toBeNull();
  });
});

test.each([
  'log nonsense',
  'witness ada',
  `${lines[0]!}`,
  'group g 3 ada bo\nquorum g',
  'group g 0 ada\nquorum g',
  'group g any nobody',
  'quorum nobody',
  'more',
])('%s: a policy that cannot be read says which line', (rest) => {
  expect(() => readPolicy(text(rest))).toThrow(/^Line 7 of the policy/);
});

test('the words of a verdict and their exit codes, which auditors’ scripts rely on', () => {
  expect(verdictCodes).toEqual({ OK: 0, TAMPERED: 10, TRUNCATED: 11, FORKED: 12, STALE: 13, INCOMPLETE: 14 });
});
