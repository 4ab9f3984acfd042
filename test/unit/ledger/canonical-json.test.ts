import { canonicalJson, type Json } from '../../../server/ledger';

test('RFC 8785: members by UTF-16 code units, no white space, minimal escapes', () => {
  expect(canonicalJson({ b: 1, a: [true, null, 'x'], B: {} })).toBe('{"B":{},"a":[true,null,"x"],"b":1}');
  // the sorting example of section 3.2.3
  const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const object = Object.fromEntries(names.map((name, place) => [name, place]));
  const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
  expect(Object.keys(JSON.parse(canonicalJson(object)) as object).filter((name) => name !== '1')).toEqual(
    sorted.filter((name) => name !== '1'),
  );
  expect(canonicalJson('\u20ac$\u000f\nA\'B"\\"/')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\"/"');
});

test('anything that is not plain JSON with safe integers is refused', () => {
  const refused: unknown[] = [1.5, NaN, Infinity, 2 ** 53, undefined, 1n, new Date(), Buffer.of(1), new Map(), () => 1];
  for (const value of refused) {
    expect(() => canonicalJson(value as Json)).toThrow(TypeError);
    expect(() => canonicalJson({ inside: [value as Json] })).toThrow(TypeError);
  }
  expect(() => canonicalJson('\ud800')).toThrow(TypeError);
  expect(() => canonicalJson({ '\udc00': 1 })).toThrow(TypeError);
});

test('the order in which members were set makes no difference; reading back and writing again gives the same bytes', () => {
  let seed = 7;
  const chance = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const value = (depth: number): Json => {
    const kind = chance(depth > 3 ? 4 : 6);
    if (kind === 0) return null;
    if (kind === 1) return chance(2) === 0;
    if (kind === 2) return chance(1_000_000) - 500_000;
    if (kind === 3) return String.fromCodePoint(...Array.from({ length: chance(6) }, () => 32 + chance(0xd000)));
    const parts = Array.from({ length: chance(5) }, () => value(depth + 1));
    return kind === 4 ? parts : Object.fromEntries(parts.map((part) => [`k${chance(50)}é`, part]));
  };
  const shuffled = (json: Json): Json => {
    if (json === null || typeof json !== 'object') return json;
    if (Array.isArray(json)) return json.map(shuffled);
    return Object.fromEntries(
      Object.entries(json)
        .reverse()
        .map(([name, member]) => [name, shuffled(member as Json)]),
    );
  };
  for (let round = 0; round < 500; round += 1) {
    const one = value(0);
    const text = canonicalJson(one);
    expect(canonicalJson(shuffled(one))).toBe(text);
    expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
  }
});
