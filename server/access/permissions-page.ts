import { roles } from '../graphql/context';
import {
  clinicalFields,
  operationTable,
  permissions,
  reachOf,
  typeTable,
  type Demand,
  type Permission,
  type Reach,
} from './permissions';

const words: Record<Reach, string> = {
  all: 'all',
  careTeam: 'care team or broken glass',
  ownTeam: 'care team',
  own: 'own',
  ownPatients: 'own, and own patients’',
  scope: 'by scope',
};

/** docs/permissions.md, written from the permission table; a test fails when the file says something else. */
export function permissionsPage(): string {
  return `# Permissions

Written from \`server/access/permissions.ts\` by \`node scripts/docs.mjs\`; do not edit by hand.

\`all\`: every row. \`care team\`: patients whose care team the person is on (with \`CARE_TEAM=off\` every patient who is not
confidential). \`or broken glass\`: also while the person has broken the glass on the patient. \`own\`: what the person wrote or
did. \`by scope\`: what the scope of an [API client](integrating.md) says; people of the role have nothing of it.
–: denied, as is everything that is not written here.

A confidential patient is, for all but the care team, administrators and who broke the glass, as one there is not.

## What each role may do

${table(['', ...roles], permissions.map(grantsRow))}

\`PATIENT_WRITE\` reaches demographics; the fields ${clinicalFields.map(code).join(', ')} want \`CLINICAL_WRITE\` as well.

## What each operation demands

\`public\`: nobody need be signed in. \`signedIn\`: any account. \`ownAccount\`: the same, and whoever has
yet to set up the second factor that the role wants. Otherwise one of the permissions above.

${table(['operation', 'demands'], operations())}

## What seeing a type demands

On top of the operation that led there. A type that is not listed is seen by whoever sees what it belongs to.

${table(['type', 'demands'], guardedTypes())}
`;
}

function grantsRow(permission: Permission): string[] {
  const reaches = roles.map((role) => reachOf(role, permission));
  return [code(permission), ...reaches.map((reach) => (reach ? words[reach] : '–'))];
}

function operations(): string[][] {
  return Object.entries(operationTable).flatMap(([root, demands]) =>
    Object.entries<Demand>(demands).map(([name, demand]) => [`${root.toLowerCase()} ${code(name)}`, code(demand)]),
  );
}

function guardedTypes(): string[][] {
  return Object.entries(typeTable)
    .filter(([, demand]) => demand !== 'withParent')
    .map(([type, demand]) => [code(type), code(demand)]);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
