import { randomBytes } from 'node:crypto';
import { OneTimeProofs } from '../../../server/identity/second-factor/one-time-proofs';

let now = Date.parse('2026-03-01T09:00:00Z');
const proofs = new OneTimeProofs(randomBytes(32), { now: () => new Date(now) });

test('a proof holds for its purpose and its subject until it expires', () => {
  const { proof, expiresAt } = proofs.issue('ticket', 'park', 60_000);
  expect(expiresAt.getTime()).toBe(now + 60_000);
  expect(proofs.holds('ticket', 'park', proof)).toBe(true);
  expect(proofs.holds('ticket', 'lindqvist', proof)).toBe(false);
  expect(proofs.holds('registration', 'park', proof)).toBe(false);
  now += 60_000;
  expect(proofs.holds('ticket', 'park', proof)).toBe(false);
});

test('a changed, cut, lengthened or invented one does not hold', () => {
  const { proof } = proofs.issue('ticket', 'park', 60_000);
  const bytes = Buffer.from(proof, 'base64url');
  for (let place = 0; place < bytes.length; place += 1) {
    const changed = Buffer.from(bytes);
    changed[place]! ^= 1;
    expect(proofs.holds('ticket', 'park', changed.toString('base64url'))).toBe(false);
  }
  const other = new OneTimeProofs(randomBytes(32), { now: () => new Date(now) });
  for (const wrong of [
    '',
    proof.slice(0, -1),
    `${proof}A`,
    `${proof}!!`,
    `${proof}${proof}`,
    other.issue('ticket', 'park', 60_000).proof,
  ])
    expect(proofs.holds('ticket', 'park', wrong)).toBe(false);
});
