import { randomUUID } from 'node:crypto';
import { AccessScope, runIn } from '../../../server/crypto/access-scope';
import { text } from '../../../server/crypto/codec';
import { IntegrityError, KeyUnavailableError, OutsideScopeError } from '../../../server/crypto/errors';
import { Keyring } from '../../../server/crypto/keyring';
import { Sealed } from '../../../server/crypto/sealed';
import { hospital, type Hospital } from './people';

const place = (owner: string) => ({ table: 'patient', column: 'name', row: owner, owner });

/** An envelope of this owner, sealed in a scope of its own. */
function sealFor({ keyring }: Hospital, owner: string): Promise<Buffer> {
  return runIn(new AccessScope(), async () => {
    await keyring.holdOwners([owner]);
    return Sealed.of(`name of ${owner}`, text, place(owner), 'name').bytes();
  });
}

const open = (bytes: Buffer, owner: string) => Sealed.stored(bytes, text).bindTo(place(owner), 'name').open();

/** The same keys as another server process sees them: nothing cached. */
const restarted = ({ keks, store }: Hospital) => new Keyring(keks, 1, store);

test('a page of patients needs one query for its keys, the next page with the same patients none', async () => {
  const ward = hospital();
  const owners = Array.from({ length: 20 }, ward.patient);
  const envelopes = await Promise.all(owners.map((owner) => sealFor(ward, owner)));
  const keyring = restarted(ward);
  ward.store.queries = 0;
  await runIn(new AccessScope(), () => keyring.hold([...envelopes, ...envelopes, null]));
  expect(ward.store.queries).toBe(1);
  await runIn(new AccessScope(), () => keyring.hold(envelopes));
  expect(ward.store.queries).toBe(1);
});

test('a scope keeps the keys it holds, however small the cache', async () => {
  const ward = hospital({ cacheSize: 1 });
  const owners = Array.from({ length: 5 }, ward.patient);
  const envelopes = await Promise.all(owners.map((owner) => sealFor(ward, owner)));
  await runIn(new AccessScope(), async () => {
    await ward.keyring.hold(envelopes.slice(4));
    await runIn(new AccessScope(), () => ward.keyring.hold(envelopes.slice(0, 1)));
    await ward.keyring.hold(envelopes);
    owners.forEach((owner, at) => expect(open(envelopes[at] as Buffer, owner)).toBe(`name of ${owner}`));
  });
  await runIn(new AccessScope(), async () => {
    await ward.keyring.holdOwners(owners.slice(4));
    await ward.keyring.holdOwners(owners);
    owners.forEach((owner, at) => {
      expect(ward.keyring.currentFor(owner).id).toBe(ward.store.rows[at]?.id);
    });
  });
});

test('keys that nobody asked to hold are not there', async () => {
  const ward = hospital();
  const owner = ward.patient();
  const bytes = await sealFor(ward, owner);
  const keyring = restarted(ward);
  runIn(new AccessScope(), () => {
    expect(() => keyring.keyFor(ward.store.rows[0]?.id as bigint)).toThrow(KeyUnavailableError);
    expect(() => keyring.currentFor(owner)).toThrow(KeyUnavailableError);
  });
  expect(bytes.length % 32).toBe(6);
});

test('an erased patient stays closed while the others on the page open', async () => {
  const ward = hospital();
  const [erased, other] = [ward.patient(), ward.patient()];
  const envelopes = [await sealFor(ward, erased), await sealFor(ward, other)] as const;
  ward.store.rows.splice(0, 1);
  ward.keyring.forget(erased);
  await runIn(new AccessScope(), async () => {
    await ward.keyring.hold(envelopes);
    expect(() => open(envelopes[0], erased)).toThrow(KeyUnavailableError);
    expect(open(envelopes[1], other)).toBe(`name of ${other}`);
    await ward.keyring.holdOwners([erased]);
    expect(() => ward.keyring.currentFor(erased)).toThrow(KeyUnavailableError);
  });
});

test('forgetting also takes the key out of the running scope', async () => {
  const ward = hospital();
  const owner = ward.patient();
  const bytes = await sealFor(ward, owner);
  await runIn(new AccessScope(), async () => {
    await ward.keyring.hold([bytes]);
    await ward.keyring.holdOwners([owner]);
    ward.keyring.forget(owner);
    expect(() => open(bytes, owner)).toThrow(KeyUnavailableError);
    expect(() => ward.keyring.currentFor(owner)).toThrow(KeyUnavailableError);
  });
});

test('forgetting takes an owner’s older keys along', async () => {
  const ward = hospital();
  const owner = ward.patient();
  const older = await sealFor(ward, owner);
  await runIn(new AccessScope(), async () => {
    await ward.keyring.hold([older]);
    ward.store.rows.unshift(ward.keyring.mint(owner, 'patient'));
    ward.keyring.forget(owner);
    expect(() => open(older, owner)).toThrow(KeyUnavailableError);
  });
});

describe('A minted key', () => {
  test('seals at once in the scope that minted it', () => {
    const { keyring } = hospital();
    const owner = randomUUID();
    runIn(new AccessScope(), () => {
      const row = keyring.mint(owner, 'patient');
      expect(row).toMatchObject({ owner, purpose: 'patient', kekEpoch: 1 });
      expect(row.id > 0n && row.id < 2n ** 63n).toBe(true);
      expect(open(Sealed.of('x', text, place(owner), 'name').bytes(), owner)).toBe('x');
    });
  });

  test('whose transaction was rolled back seals nothing later', async () => {
    const { keyring } = hospital();
    const owner = randomUUID();
    runIn(new AccessScope(), () => keyring.mint(owner, 'patient'));
    await runIn(new AccessScope(), async () => {
      await keyring.holdOwners([owner]);
      expect(() => keyring.currentFor(owner)).toThrow(KeyUnavailableError);
    });
  });

  test('belongs to a scope', () => {
    expect(() => hospital().keyring.mint(randomUUID(), 'patient')).toThrow(OutsideScopeError);
  });

  test('is never the same twice and never stored in clear', () => {
    const { keyring } = hospital();
    runIn(new AccessScope(), () => {
      const rows = Array.from({ length: 100 }, () => keyring.mint(randomUUID(), 'patient'));
      expect(new Set(rows.map((row) => row.id)).size).toBe(100);
      expect(new Set(rows.map((row) => row.wrapped.toString('hex'))).size).toBe(100);
      for (const row of rows) {
        expect(row.wrapped.includes(keyring.keyFor(row.id).export())).toBe(false);
      }
    });
  });
});

describe('An attacker with the key table', () => {
  type Tamper = (ward: Hospital) => void;
  const first = (ward: Hospital) => ward.store.rows[0]!;
  const second = (ward: Hospital) => ward.store.rows[1]!;
  const attacks: [string, Tamper][] = [
    [
      'swaps two wrapped keys',
      (ward) => ([first(ward).wrapped, second(ward).wrapped] = [second(ward).wrapped, first(ward).wrapped]),
    ],
    [
      'swaps two wrapped keys with their check values',
      (ward) => {
        const [a, b] = [first(ward), second(ward)];
        [a.wrapped, a.kcv, b.wrapped, b.kcv] = [b.wrapped, b.kcv, a.wrapped, a.kcv];
      },
    ],
    ['swaps two ids', (ward) => ([first(ward).id, second(ward).id] = [second(ward).id, first(ward).id])],
    ['gives a key to another owner', (ward) => (first(ward).owner = second(ward).owner)],
    ['gives a key another purpose', (ward) => (first(ward).purpose = 'system')],
    [
      'gives a key another epoch',
      (ward) => {
        ward.keks.set(2, ward.keks.get(1)!);
        first(ward).kekEpoch = 2;
      },
    ],
    [
      'flips a bit',
      (ward) => (first(ward).wrapped = Buffer.from(first(ward).wrapped.map((byte, at) => byte ^ +(at === 20)))),
    ],
    ['cuts a key', (ward) => (first(ward).wrapped = first(ward).wrapped.subarray(0, 48))],
    ['plants a check value', (ward) => (first(ward).kcv = Buffer.alloc(8))],
  ];

  test.each(attacks)('%s: refused', async (_, tamper) => {
    const ward = hospital();
    const owners = [ward.patient(), ward.patient()];
    const envelopes = await Promise.all(owners.map((owner) => sealFor(ward, owner)));
    tamper(ward);
    const keyring = restarted(ward);
    await expect(runIn(new AccessScope(), () => keyring.hold(envelopes))).rejects.toThrow(IntegrityError);
  });
});

test('a plain value where an envelope should be stops the page', async () => {
  await expect(hospital().keyring.hold([Buffer.from('Okafor')])).rejects.toThrow(IntegrityError);
});

test('a keyring without its current epoch does not start', () => {
  const { keks, store } = hospital();
  expect(() => new Keyring(keks, 2, store)).toThrow(KeyUnavailableError);
});
