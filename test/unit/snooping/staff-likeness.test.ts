import { createSecretKey } from 'node:crypto';
import { likenessOf, LikenessKeys, LIKENESS_TAG_BYTES } from '../../../server/patients/search/likeness';
import { staffLikenessOf } from '../../../server/snooping/staff-likeness';

const ofStaff = (name: string) =>
  staffLikenessOf({ name, email: 'x@y.example', address: null }).map(({ kind, value }) => `${kind} ${value}`);

test.each([
  ['Dr Anna Moreau, MD', ['surname moreau', 'person anna moreau']],
  ['Moreau, Anna', ['surname moreau', 'person anna moreau']],
  ['Prof. Dr. Åsa Berg-Öster jr', ['surname berg', 'surname oster', 'person asa berg', 'person asa oster']],
  ['Nurse Lindqvist', ['surname lindqvist']],
  ['O’Brien', ['surname obrien']],
  ['Dr', []],
])('%s', (name, likenesses) => {
  expect(ofStaff(name)).toEqual([...likenesses, 'person @x@y.example']);
});

test('an address is street and postal code, or street and town; a town alone is no home', () => {
  const at = (line: string[], postalCode: string | null, city: string | null) =>
    likenessOf({ name: { family: '', given: [] }, email: null, address: { line, postalCode, city } });
  expect(at(['Storgatan 1 B'], '111 22', 'Stockholm')).toEqual(at(['storgatan', '1b'], '11122', null));
  expect(at(['Storgatan 1 B'], null, 'Stockholm')).toEqual(at(['Storgatan 1B'], '', 'STOCKHOLM'));
  expect(at([], null, 'Stockholm')).toEqual([]);
  expect(at(['Storgatan 1'], null, null)).toEqual([]);
});

test('tags are salted by patient, differ by kind and key, and their number tells nothing of a name’s words', () => {
  const [keys, others] = [1, 2].map((fill) => new LikenessKeys(createSecretKey(Buffer.alloc(32, fill))));
  const facts = (family: string) => ({ name: { family, given: ['Ana'] }, email: null });
  const [one, two] = ['018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002'];
  const row = keys!.tagsOf(facts('García'), one!);
  expect(keys!.tagsOf(facts('GARCIA'), one!)).toEqual(row);
  expect(row.length).toBe(4 * LIKENESS_TAG_BYTES);
  expect(keys!.tagsOf(facts('García López'), one!).length).toBe(row.length);
  expect(keys!.tagsOf(facts(''), one!).length).toBe(row.length);
  const tagsOf = (bytes: Buffer) => Array.from({ length: bytes.length / 8 }, (_, n) => bytes.toString('hex', n * 8, n * 8 + 8)); // prettier-ignore
  const tags = [row, keys!.tagsOf(facts('García'), two!), others!.tagsOf(facts('García'), one!)].flatMap(tagsOf);
  expect(new Set(tags).size).toBe(tags.length);
  const token = (kind: 'surname' | 'person') => keys!.token({ kind, value: 'garcia' }).toString('hex');
  expect(token('surname')).not.toBe(token('person'));
});
