import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { isEnumType, isObjectType, parse, validateSchema, type GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { operationTable, permissionTable, typeTable } from '../../server/access/permissions';
import { permissionsPage } from '../../server/access/permissions-page';
import { applyShield, unruled } from '../../server/access/shield';
import { roles } from '../../server/graphql/context';
import { errorCatalogue } from '../../server/graphql/errors';
import { errorsPage } from '../../server/graphql/errors-page';
import { buildChartsealSchema, printContract, undescribed } from '../../server/graphql/schema';
import '../../server/registry';

let schema: GraphQLSchema;

beforeAll(() => {
  const resolvers = getMetadataStorage().resolverClasses.map(({ target }) => Object.create(target.prototype) as object);
  schema = buildChartsealSchema(resolvers);
});

const file = (name: string) => readFileSync(name, 'utf8');

test('the contract is a valid schema, and schema.graphql is what the code emits', () => {
  expect(validateSchema(schema)).toEqual([]);
  expect(file('schema.graphql')).toBe(printContract(schema));
  expect(parse(file('schema.graphql')).definitions.length).toBeGreaterThan(60);
});

test('every operation of the contract is there', () => {
  const names = (type: 'Query' | 'Mutation') => Object.keys((schema.getType(type) as never as Fields).getFields());
  expect(names('Query')).toEqual(
    expect.arrayContaining([
      'me', 'patient', 'patients', 'visit', 'visits', 'treatmentUpdates', 'auditEntries', 'auditLog', 'demographics',
      'encryptedRecord', 'users', 'node',
    ]),
  ); // prettier-ignore
  expect(names('Mutation')).toEqual(
    expect.arrayContaining([
      'signIn', 'refreshSession', 'signOut', 'changePassword', 'endSession', 'createPatient', 'updatePatient',
      'deletePatient', 'restorePatient', 'createVisit', 'updateVisit', 'amendVisit', 'deleteVisit', 'recordVitals', 'recordTreatment',
      'addCareTeamMember', 'removeCareTeamMember', 'createUser', 'updateUser', 'deactivateUser', 'reactivateUser', 'resetPassword',
      'verifyAuditLog',
    ]),
  ); // prettier-ignore
});

interface Fields {
  getFields(): Record<string, unknown>;
}

test('every operation and every type has its rule, and no rule is left without its operation or type', () => {
  expect(unruled(schema)).toEqual([]);
  for (const [root, demands] of Object.entries(operationTable)) {
    const fields = (schema.getType(root) as never as Fields).getFields();
    expect(Object.keys(demands).filter((name) => !(name in fields))).toEqual([]);
  }
  expect(Object.keys(typeTable).filter((name) => !isObjectType(schema.getType(name)))).toEqual([]);
});

test('a schema with an operation that nobody wrote a rule for does not start', () => {
  const demands = operationTable.Query;
  const { patient: _left, ...others } = demands;
  operationTable.Query = others;
  try {
    expect(unruled(schema)).toEqual(['Query.patient']);
    expect(() => applyShield(schema)).toThrow('No permission rule for: Query.patient.');
  } finally {
    operationTable.Query = demands;
  }
});

test('every type, field, argument, input field and enum is described', () => {
  expect(undescribed(schema)).toEqual([]);
});

test('the enums Role and Permission are the code’s own lists', () => {
  const values = (name: string) => {
    const type = schema.getType(name);
    return isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  };
  expect(values('Role').sort()).toEqual([...roles].sort());
  expect(values('Permission').sort()).toEqual(Object.keys(permissionTable).sort());
});

describe('the pages of docs/ that come from the code', () => {
  test.each([
    ['docs/errors.md', errorsPage],
    ['docs/permissions.md', permissionsPage],
  ])('%s is what the code says (renew: node scripts/docs.mjs)', (name, page) => {
    expect(file(name)).toBe(page());
  });

  test('errors.md lists the catalogue, all of it and nothing else', () => {
    const listed = [...file('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(listed).toEqual(Object.keys(errorCatalogue));
    for (const meaning of Object.values(errorCatalogue)) expect(file('docs/errors.md')).toContain(meaning);
  });

  test('permissions.md has a row for each permission and each operation, and nothing else', () => {
    const listed = [...file('docs/permissions.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    expect(listed).toEqual(Object.keys(permissionTable));
    const operations = [...file('docs/permissions.md').matchAll(/^\| (?:query|mutation|subscription) `(\w+)`/gm)];
    expect(operations.map(([, name]) => name)).toEqual(Object.values(operationTable).flatMap(Object.keys));
  });
});
