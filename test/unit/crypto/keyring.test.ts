import { randomBytes, randomUUID } from 'node:crypto';
import { AccessScope, runIn } from '../../../server/crypto/access-scope';
import { text } from '../../../server/crypto/codec';
import { LocalCustody } from '../../../server/crypto/custody/custody';
import { EpochKeys } from '../../../server/crypto/epoch-keys';
import {
  EpochUnavailableError,
  IntegrityError,
  KeyUnavailableError,
  OutsideScopeError,
} from '../../../server/crypto/errors';
import { newEpoch } from '../../../server/crypto/kek';
import { Keyring, SYSTEM_OWNER, useKeyring } from '../../../server/crypto/keyring';
import { Sealed } from '../../../server/crypto/sealed';
import { hospital, keyringOver, MemoryStore, type Hospital } from './people';

const place = (owner: string) => ({ table: 'patient', column: 'name', row: owner, owner });

/** An envelope of this owner, sealed in a scope of its own. */
function sealFor(ward: Hospital, owner: string): Promise<Buffer> {
  return runIn(new AccessScope(), async () => {
    await ward.sealFor(owner);
    return Sealed.of(`name of ${owner}`, text, place(owner), 'name').bytes();
  });
}

const open = (bytes: Buffer, owner: string) => Sealed.stored(bytes, text).bindTo(place(owner), 'name').open();

/** The same keys as another server process sees them: nothing cached. */
const restarted = ({ keks, store }: Hospital) => keyringOver(store, keks);

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
    await ward.sealFor(...owners.slice(4));
    await ward.sealFor(...owners);
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
    await ward.sealFor(erased);
    expect(() => ward.keyring.currentFor(erased)).toThrow(KeyUnavailableError);
  });
});

test('forgetting also takes the key out of the running scope', async () => {
  const ward = hospital();
  const owner = ward.patient();
  const bytes = await sealFor(ward, owner);
  await runIn(new AccessScope(), async () => {
    await ward.keyring.hold([bytes]);
    await ward.sealFor(owner);
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
    const { keyring, sealFor } = hospital();
    const owner = randomUUID();
    runIn(new AccessScope(), () => keyring.mint(owner, 'patient'));
    await runIn(new AccessScope(), async () => {
      await sealFor(owner);
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

test('no process mints without a key-encryption key', () => {
  const keyring = keyringOver(new MemoryStore(), new Map());
  expect(() => runIn(new AccessScope(), () => keyring.mint(randomUUID(), 'patient'))).toThrow(KeyUnavailableError);
});

test('which key an owner seals with now is not remembered beyond the scope that asked under a lock', async () => {
  const ward = hospital();
  const owner = ward.patient();
  await sealFor(ward, owner);
  runIn(new AccessScope(), () => expect(() => ward.keyring.currentFor(owner)).toThrow(KeyUnavailableError));
});

describe('What another process destroys', () => {
  test('is forgotten here, and a look-up that was under way does not bring it back', async () => {
    const ward = hospital();
    const owner = ward.patient();
    const bytes = await sealFor(ward, owner);
    const keyring = restarted(ward);
    const byIds = ward.store.byIds.bind(ward.store);
    jest.spyOn(ward.store, 'byIds').mockImplementationOnce(async (ids) => {
      const rows = await byIds(ids);
      keyring.forget(owner); // the news arrives between the look-up and its answer
      return rows;
    });
    await runIn(new AccessScope(), async () => {
      await keyring.hold([bytes]);
      expect(() => keyring.keyFor(ward.store.rows[0]!.id)).not.toThrow(); // this request read it in time
    });
    expect(keyring.remembers(owner)).toBe(false);
  });

  test('is not kept at all while no news would arrive', async () => {
    const ward = hospital();
    const owner = ward.patient();
    const bytes = await sealFor(ward, owner);
    ward.keyring.remember(false);
    await runIn(new AccessScope(), () => ward.keyring.hold([bytes]));
    expect(ward.keyring.remembers(owner)).toBe(false);
    ward.keyring.remember(true);
    await runIn(new AccessScope(), () => ward.keyring.hold([bytes]));
    expect(ward.keyring.remembers(owner)).toBe(true);
  });
});

describe('A key epoch made by another process', () => {
  /** Two processes over one store, and custody that can be out of reach. */
  async function twoProcesses() {
    const store = new MemoryStore();
    const root = new LocalCustody('test', randomBytes(32));
    const custody = { kind: 'test', reachable: true, unwrap: (wrapped: Buffer, context: string) => {
      if (!custody.reachable) throw new Error('the token is gone');
      return root.unwrap(wrapped, context);
    } }; // prettier-ignore
    store.epochRows.push(await newEpoch(root, 1));
    const start = async () => {
      const epochs = new EpochKeys(custody, store);
      await epochs.refresh();
      return new Keyring(epochs, store);
    };
    const [here, there] = [await start(), await start()];
    const rotate = async () => {
      store.epochRows.push(await newEpoch(root, store.epochRows.at(-1)!.epoch + 1));
      await there.refreshEpochs();
    };
    const register = (keyring: Keyring) => {
      const owner = randomUUID();
      return runIn(new AccessScope(), () => {
        useKeyring(keyring);
        store.rows.push(keyring.mint(owner, 'patient'));
        return { owner, bytes: Sealed.of(`name of ${owner}`, text, place(owner), 'name').bytes() };
      });
    };
    const read = (keyring: Keyring, { owner, bytes }: { owner: string; bytes: Buffer }) =>
      runIn(new AccessScope(), async () => {
        useKeyring(keyring);
        await keyring.hold([bytes]);
        return open(bytes, owner);
      });
    return { store, custody, root, here, there, rotate, register, read };
  }

  test('opens here as soon as a key under it is met, and is minted under once the news is in', async () => {
    const { store, here, there, rotate, register, read } = await twoProcesses();
    await rotate();
    const patient = register(there);
    expect(store.rows.at(-1)!.kekEpoch).toBe(2);
    expect(await read(here, patient)).toContain(patient.owner);
    register(here);
    expect(store.rows.at(-1)!.kekEpoch).toBe(2);
  });

  test('whose custody is out of reach is told clearly, and everything under known epochs goes on', async () => {
    const { custody, here, there, rotate, register, read } = await twoProcesses();
    const before = register(here);
    await rotate();
    const after = register(there);
    custody.reachable = false;
    const told = await read(here, after).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(EpochUnavailableError);
    expect((told as Error).message).toBe('Key epoch 2 cannot be unwrapped now: the token is gone');
    expect(await read(here, before)).toContain(before.owner);
    expect(register(here).bytes.length).toBeGreaterThan(0);
    custody.reachable = true;
    expect(await read(here, after)).toContain(after.owner);
  });

  test('lets a key be wrapped anew, and an epoch that is gone is forgotten', async () => {
    const { store, here, there, rotate, register, read } = await twoProcesses();
    const patient = register(here);
    await rotate();
    store.rows[0] = await there.rewrap(store.rows[0]!);
    store.epochRows.shift();
    expect(store.rows[0].kekEpoch).toBe(2);
    expect(await read(there, patient)).toContain(patient.owner);
    await here.refreshEpochs();
    expect(await read(here, patient)).toContain(patient.owner);
    await expect(here.check({ ...store.rows[0], kekEpoch: 1 })).rejects.toThrow(KeyUnavailableError);
  });

  test('may swallow the epoch a key was just minted under: the key is renewed before it is stored', async () => {
    const { store, here, rotate } = await twoProcesses();
    await runIn(new AccessScope(), async () => {
      const minted = here.mint(randomUUID(), 'patient');
      await rotate();
      store.epochRows.shift();
      const renewed = await minted.renew();
      expect(renewed).toMatchObject({ id: minted.id, owner: minted.owner, kekEpoch: 2, kcv: minted.kcv });
      await here.check(renewed);
      expect({ ...renewed }).not.toHaveProperty('renew');
    });
  });
});

test('messages under the system’s key are counted in blocks, before they are sealed', async () => {
  const ward = hospital();
  const scope = new AccessScope();
  const row = runIn(new AccessScope(), () => ward.keyring.mint(SYSTEM_OWNER, 'staff'));
  ward.store.rows.push(row);
  for (let round = 0; round < 3; round += 1) {
    await runIn(scope, async () => {
      await ward.sealFor(SYSTEM_OWNER);
      for (let n = 0; n < 40_000; n += 1) ward.keyring.currentFor(SYSTEM_OWNER);
    });
  }
  expect(ward.store.reserved).toEqual(new Map([[row.id, 2 * 65_536]]));
});
