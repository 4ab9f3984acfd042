import { Client } from 'pg';
import { binaryArray, isElementType, type Element, type ElementType } from '../../server/database/binary-array';
import { emptyDatabase } from '../support/postgres';

let client: Client;
beforeAll(async () => {
  client = new Client({ connectionString: await emptyDatabase() });
  await client.connect();
});
afterAll(() => client?.end());

/** What PostgreSQL reads out of the array, written by itself. */
async function readBack(type: ElementType, values: readonly Element[]): Promise<unknown[]> {
  const { rows } = await client.query<{ text: string | null }>(
    `SELECT item::text AS text FROM unnest($1::${type}[]) WITH ORDINALITY AS items (item, place) ORDER BY place`,
    [binaryArray(type, values)],
  );
  return rows.map(({ text }) => text);
}

const samples: [ElementType, readonly Element[], (string | null)[]][] = [
  ['boolean', [true, null, false], ['true', null, 'false']],
  ['bytea', [Buffer.from('e100ff', 'hex'), Buffer.alloc(0), null], ['\\xe100ff', '\\x', null]],
  ['bigint', [0, -1, '9223372036854775807', 2n ** 62n, null], ['0', '-1', '9223372036854775807', String(2n ** 62n), null]],
  ['integer', [0, -5, 2_147_483_647, null], ['0', '-5', '2147483647', null]],
  ['text', ['', 'Dvořák', '李', '"{},\\', null], ['', 'Dvořák', '李', '"{},\\', null]],
  ['uuid', ['0190A1B2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', null], ['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', null]],
]; // prettier-ignore

test.each(samples)('an array of %s is read as it was written', async (type, values, expected) => {
  expect(await readBack(type, values)).toEqual(expected);
});

test('moments keep their milliseconds, before and after the year 2000, as Date and as text', async () => {
  const moments = ['1890-01-01T00:00:00.000Z', '1999-12-31T23:59:59.999Z', '2026-11-21T16:00:00.123Z'];
  for (const given of [moments, moments.map((text) => new Date(text))]) {
    const { rows } = await client.query<{ at: Date }>('SELECT unnest($1::timestamptz[]) AS at', [
      binaryArray('timestamptz', given),
    ]);
    expect(rows.map(({ at }) => at.toISOString())).toEqual(moments);
  }
});

test('no elements are an empty array', async () => {
  expect(await readBack('text', [])).toEqual([]);
  const { rows } = await client.query<{ size: number }>('SELECT cardinality($1::uuid[]) AS size', [
    binaryArray('uuid', []),
  ]);
  expect(rows).toEqual([{ size: 0 }]);
});

test('what is no element of its type is refused here, or by PostgreSQL', async () => {
  expect(() => binaryArray('uuid', ['not a uuid'])).toThrow();
  expect(() => binaryArray('integer', [2 ** 31])).toThrow(/out of range/);
  expect(() => binaryArray('bigint', ['9223372036854775808'])).toThrow(/out of range/);
  expect(() => binaryArray('bytea', ['text'])).toThrow();
  await expect(readBack('text', ['nul\0'])).rejects.toThrow(/invalid byte sequence/);
  expect(isElementType('jsonb')).toBe(false);
  expect(isElementType('constructor')).toBe(false);
});
