import { readFileSync } from 'node:fs';
import { compareContracts, readBreaks } from '../../../server/graphql/contract';

const released = `
  type Query { patient(id: ID!): Patient  old: String @deprecated(reason: "Use patient.") }
  type Patient { id: ID!  name: String!  phone: String }
  enum Gender { FEMALE MALE }
  input Search { text: String }`;
const compare = (current: string, deliberate: { change: string; reason: string }[] = []) =>
  compareContracts(released, current, deliberate);
const reason = 'Nobody asked for it in two years of logs.';

test('what only adds breaks nothing', () => {
  const grown = released
    .replace('phone: String', 'phone: String  email: String')
    .replace('(id: ID!)', '(id: ID!, at: String)')
    .replace('text: String', 'text: String  born: String')
    .concat('type New { id: ID }');
  expect(compare(grown)).toEqual({ undeclared: [], stale: [] });
});

test.each([
  ['a field that is gone', 'name: String!', '', 'Patient.name was removed.'],
  ['a deprecated field that is gone', 'old: String @deprecated(reason: "Use patient.")', '', 'Query.old was removed.'],
  ['an answer that may be null', 'name: String!', 'name: String', 'Patient.name changed type from String! to String.'],
  ['another type', 'phone: String', 'phone: Int', 'Patient.phone changed type from String to Int.'],
  ['a value that is gone', 'FEMALE MALE', 'FEMALE', 'MALE was removed from enum type Gender.'],
  ['an argument that is wanted now', '(id: ID!)', '(id: ID!, why: String!)', 'A required arg why on Query.patient was added.'],
  ['an input field that is wanted now', 'text: String', 'text: String!', 'Search.text changed type from String to String!.'],
])('%s is found, and allowed only with a reason', (_what, from, to, change) => {
  const current = released.replace(from, to);
  expect(compare(current)).toEqual({ undeclared: [change], stale: [] });
  expect(compare(current, [{ change, reason }])).toEqual({ undeclared: [], stale: [] });
}); // prettier-ignore

test('a declared break that is none is told, so that the list does not excuse a later one', () => {
  expect(compare(released, [{ change: 'Patient.name was removed.', reason }]).stale).toEqual(['Patient.name was removed.']);
}); // prettier-ignore

test('a break wants more than a word of reason', () => {
  expect(() => readBreaks('[{"change":"Patient.name was removed.","reason":"old"}]')).toThrow('a reason says more');
  expect(() => readBreaks('{}')).toThrow();
});

test('this contract breaks no client of the last release', () => {
  const file = (name: string) => readFileSync(name, 'utf8');
  const breaks = readBreaks(file('docs/contract/breaks.json'));
  expect(compareContracts(file('docs/contract/released.graphql'), file('schema.graphql'), breaks)).toEqual({ undeclared: [], stale: [] }); // prettier-ignore
});
