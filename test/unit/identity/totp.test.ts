import { newTotpSecret, stepOfCode, totpCode, totpUri } from '../../../server/identity/second-factor/totp';

/** RFC 6238, appendix B: the secret `12345678901234567890`, and its codes of SHA-1 (here the last six digits). */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const vectors: [seconds: number, code: string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
];

const at = (seconds: number) => new Date(seconds * 1000);

test.each(vectors)('RFC 6238 at %i s', (seconds, code) => {
  expect(totpCode(SECRET, at(seconds))).toBe(code);
  expect(stepOfCode(SECRET, code, at(seconds))).toBe(Math.floor(seconds / 30));
});

test('a code counts one step early and one late, no longer', () => {
  const [seconds, code] = vectors[1]!;
  const step = Math.floor(seconds / 30);
  expect([-2, -1, 0, 1, 2].map((away) => stepOfCode(SECRET, code, at(seconds + away * 30)))).toEqual([
    null,
    step,
    step,
    step,
    null,
  ]);
});

test('typed with a space it is the same; anything but six digits is none', () => {
  const [seconds, code] = vectors[0]!;
  expect(stepOfCode(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, at(seconds))).toBe(1);
  for (const wrong of ['', '28708', '2870822', '28708a', '٢٨٧٠٨٢', '-87082'])
    expect(stepOfCode(SECRET, wrong, at(seconds))).toBeNull();
});

test('secrets have 160 bits and never repeat; the address is what apps read', () => {
  const secret = newTotpSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(secret);
  const uri = new URL(totpUri(secret, 'park@ward.example'));
  expect(uri.protocol).toBe('otpauth:');
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    issuer: 'Chartseal',
    secret,
    digits: '6',
    period: '30',
  });
});
