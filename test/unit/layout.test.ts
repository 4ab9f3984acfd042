import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

interface Case {
  /** A file that exists, since the rules ask the compiler; its text is replaced. */
  file: string;
  text: string;
  rule: string;
}

const uses = (path: string) => `import * as other from '${path}';\nexport const it = other;\n`;

const forbidden: Case[] = [
  { file: 'server/ledger/hashing.ts', text: uses('typeorm'), rule: 'no-restricted-imports' },
  { file: 'server/ledger/hashing.ts', text: uses('../platform/ids'), rule: 'boundaries/element-types' },
  { file: 'server/crypto/envelope.ts', text: uses('typeorm'), rule: 'no-restricted-imports' },
  { file: 'server/crypto/envelope.ts', text: uses('../database/reader'), rule: 'boundaries/element-types' },
  { file: 'server/platform/ids.ts', text: uses('../graphql/context'), rule: 'boundaries/element-types' },
  { file: 'server/graphql/errors.ts', text: uses('../database/reader'), rule: 'boundaries/element-types' },
  { file: 'server/database/reader.ts', text: uses('../audit'), rule: 'boundaries/element-types' },
  { file: 'server/audit/audit-queue.ts', text: uses('../access/policy'), rule: 'boundaries/element-types' },
  { file: 'server/access/policy.ts', text: uses('../patients'), rule: 'boundaries/element-types' },
  { file: 'server/patients/care-team.ts', text: uses('../visits'), rule: 'boundaries/element-types' },
  { file: 'server/identity/invites.ts', text: uses('../patients'), rule: 'boundaries/element-types' },
  { file: 'server/visits/visit.service.ts', text: uses('../patients/patient.service'), rule: 'boundaries/entry-point' },
  { file: 'server/treatments/treatment.service.ts', text: uses('../interop'), rule: 'boundaries/element-types' },
  { file: 'server/demographics/age-bands.ts', text: uses('../runtime'), rule: 'boundaries/element-types' },
  { file: 'server/runtime.ts', text: uses('../test/support/postgres'), rule: 'boundaries/element-types' },
  { file: 'client/src/App.tsx', text: uses('../../server/access/permissions'), rule: 'boundaries/element-types' },
  { file: 'server/patients/care-team.ts', text: "console.log('a name');\n", rule: 'no-console' },
  {
    file: 'server/patients/care-team.ts',
    text: 'export const it = (what: any) => String(what);\n',
    rule: '@typescript-eslint/no-explicit-any',
  },
  {
    file: 'server/audit/audit-queue.ts',
    text: 'async function record() {}\nrecord();\n',
    rule: '@typescript-eslint/no-floating-promises',
  },
  {
    file: 'server/patients/care-team.ts',
    text: 'export const it = process.env.DEMO;\n',
    rule: 'no-restricted-properties',
  },
  {
    file: 'server/patients/care-team.ts',
    text: "export const it = 'one' as unknown as number;\n",
    rule: 'no-restricted-syntax',
  },
  { file: 'test/unit/docs.test.ts', text: "test.skip('later', () => undefined);\n", rule: 'no-restricted-properties' },
  { file: 'client/src/App.tsx', text: "localStorage.setItem('patient', '');\n", rule: 'no-restricted-globals' },
];

const allowed: Omit<Case, 'rule'>[] = [
  { file: 'server/ledger/hashing.ts', text: uses('node:crypto') },
  { file: 'server/audit/audit-queue.ts', text: uses('../ledger') },
  { file: 'server/visits/visit.service.ts', text: uses('../patients') },
  { file: 'server/cli/admin.ts', text: "console.log('a link');\n" },
];

function lint(cases: readonly { file: string; text: string }[]): string[][] {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'test/support/lint.mjs')], {
    cwd: root,
    input: JSON.stringify(cases.map(({ file, text }) => ({ file: join(root, file), text }))),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}

test('the lint rules hold the lines of the layout', () => {
  const faults = lint([...forbidden, ...allowed]);
  const missed = forbidden.filter(({ rule }, at) => !faults[at]!.some((fault) => fault.startsWith(`${rule}:`)));
  expect(missed).toEqual([]);
  expect(faults.slice(forbidden.length).flat()).toEqual([]);
}, 120_000);
