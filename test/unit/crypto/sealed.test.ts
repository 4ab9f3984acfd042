import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { AccessScope, currentScope, findScope, runIn } from '../../../server/crypto/access-scope';
import { json, text } from '../../../server/crypto/codec';
import type { Binding } from '../../../server/crypto/envelope';
import { BindingError, IntegrityError, KeyUnavailableError, OutsideScopeError } from '../../../server/crypto/errors';
import { Sealed } from '../../../server/crypto/sealed';
import { hospital } from './people';

const CANARY = 'canary-of-Dr-Adeyemi';

async function sealedFor(value: string) {
  const { keyring, store, patient, sealFor } = hospital();
  const owner = patient();
  const place: Binding = { table: 'patient', column: 'diagnosis', row: owner, owner };
  const bytes = await runIn(new AccessScope(), async () => {
    await sealFor(owner);
    return Sealed.of(value, text, place, 'diagnosis').bytes();
  });
  return { keyring, sealFor, store, patient, owner, place, bytes };
}

describe('Opening', () => {
  test('Dr Adeyemi reads a diagnosis, and the scope says whose and what', async () => {
    const { keyring, owner, place, bytes } = await sealedFor(CANARY);
    const scope = new AccessScope();
    await runIn(scope, async () => {
      await keyring.hold([bytes, null]);
      const sealed = Sealed.stored(bytes, text).bindTo(place, 'diagnosis');
      expect(scope.opened.size).toBe(0);
      expect(sealed.open()).toBe(CANARY);
      expect(sealed.open()).toBe(CANARY);
    });
    expect([...scope.opened]).toEqual([[owner, new Set(['diagnosis'])]]);
  });

  test('everything one piece of work opens is noted, per person', async () => {
    const { sealFor, owner, patient } = await sealedFor('x');
    const other = patient();
    const scope = new AccessScope();
    await runIn(scope, async () => {
      await sealFor(owner, other);
      const read = (row: string, column: string) =>
        Sealed.of('x', text, { table: 'patient', column, row, owner: row }, column).open();
      read(owner, 'name');
      read(owner, 'phone');
      read(other, 'email');
      read(owner, 'name');
    });
    expect([...scope.opened]).toEqual([
      [owner, new Set(['name', 'phone'])],
      [other, new Set(['email'])],
    ]);
  });

  test('loading, binding and writing back unchanged opens nothing and keeps the very bytes', async () => {
    const { place, bytes } = await sealedFor(CANARY);
    const scope = new AccessScope();
    runIn(scope, () => expect(Sealed.stored(bytes, text).bindTo(place, 'diagnosis').bytes()).toBe(bytes));
    expect(scope.opened.size).toBe(0);
  });

  test('a stranger without a scope gets nothing, not even what was opened before', async () => {
    const { keyring, place, bytes } = await sealedFor(CANARY);
    const sealed = Sealed.stored(bytes, text).bindTo(place, 'diagnosis');
    expect(() => sealed.open()).toThrow(OutsideScopeError);
    await runIn(new AccessScope(), async () => {
      await keyring.hold([bytes]);
      sealed.open();
    });
    expect(() => sealed.open()).toThrow('No scope, no plaintext');
    expect(() => Sealed.of(CANARY, text, place, 'diagnosis').open()).toThrow(OutsideScopeError);
  });

  test('a second scope opening a cached value is noted too', async () => {
    const { keyring, owner, place, bytes } = await sealedFor(CANARY);
    const sealed = Sealed.stored(bytes, text).bindTo(place, 'diagnosis');
    const [first, second] = [new AccessScope(), new AccessScope()];
    await runIn(first, async () => {
      await keyring.hold([bytes]);
      sealed.open();
    });
    runIn(second, () => sealed.open());
    expect(second.opened.get(owner)).toEqual(new Set(['diagnosis']));
  });

  test('what does not open is not noted', async () => {
    const { keyring, place, bytes } = await sealedFor(CANARY);
    const scope = new AccessScope();
    await runIn(scope, async () => {
      await keyring.hold([bytes]);
      const elsewhere = { ...place, row: randomUUID() };
      expect(() => Sealed.stored(bytes, text).bindTo(elsewhere, 'diagnosis').open()).toThrow(IntegrityError);
      expect(() => Sealed.stored(bytes, json()).bindTo(place, 'diagnosis').open()).toThrow(IntegrityError);
      expect(() => Sealed.stored(bytes, text).open()).toThrow(BindingError);
    });
    expect(scope.opened.size).toBe(0);
  });

  test('requests side by side keep their scopes apart', async () => {
    const { keyring, owner, place, bytes } = await sealedFor(CANARY);
    const request = (group: string) => {
      const scope = new AccessScope();
      return runIn(scope, async () => {
        await keyring.hold([bytes]);
        await new Promise(setImmediate);
        Sealed.stored(bytes, text).bindTo(place, group).open();
        expect(currentScope()).toBe(scope);
        return [...(scope.opened.get(owner) ?? [])];
      });
    };
    await expect(Promise.all(['name', 'phone', 'email'].map(request))).resolves.toEqual([
      ['name'],
      ['phone'],
      ['email'],
    ]);
    expect(findScope()).toBeNull();
  });
});

describe('Sealing', () => {
  test('a fresh value is sealed once, and then no longer fresh', async () => {
    const { sealFor, owner, place } = await sealedFor('x');
    await runIn(new AccessScope(), async () => {
      await sealFor(owner);
      const sealed = Sealed.of({ family: 'Okafor' }, json<{ family: string }>(), place, 'name');
      expect(sealed.fresh).toBe(true);
      expect(sealed.bytes()).toBe(sealed.bytes());
      expect(sealed.fresh).toBe(false);
      expect(Sealed.stored(sealed.bytes(), json<{ family: string }>()).bindTo(place, 'name').open()).toEqual({
        family: 'Okafor',
      });
    });
  });

  test('without the owner’s key there is no envelope', () => {
    const { keyring } = hospital();
    const place = { table: 'patient', column: 'name', row: randomUUID(), owner: randomUUID() };
    expect(() => Sealed.of('x', text, place, 'name').bytes()).toThrow(KeyUnavailableError);
    expect(keyring).toBeDefined();
  });
});

describe('Binding', () => {
  test('to the same place again is harmless', async () => {
    const { place, bytes } = await sealedFor('x');
    const sealed = Sealed.stored(bytes, text).bindTo(place, 'diagnosis');
    expect(sealed.bindTo({ ...place }, 'diagnosis')).toBe(sealed);
  });

  test.each(['table', 'column', 'row', 'owner'] as const)('to another %s throws, fresh or stored', async (part) => {
    const { place, bytes } = await sealedFor('x');
    const other = { ...place, [part]: randomUUID() };
    expect(() => Sealed.stored(bytes, text).bindTo(place, 'g').bindTo(other, 'g')).toThrow(BindingError);
    expect(() => Sealed.of('x', text, place, 'g').bindTo(other, 'g')).toThrow(BindingError);
  });
});

test('printing, logging, spreading and serialising show [sealed] and nothing else', async () => {
  const { place, bytes } = await sealedFor(CANARY);
  for (const sealed of [Sealed.of(CANARY, text, place, 'g'), Sealed.stored(bytes, text)]) {
    const printed = [
      String(sealed),
      JSON.stringify({ sealed, list: [sealed] }),
      inspect({ sealed }, { depth: 9, showHidden: true }),
      inspect(sealed, { customInspect: false, showHidden: true, depth: 9 }),
      JSON.stringify({ ...sealed }),
      JSON.stringify(Object.getOwnPropertyNames(sealed)),
    ].join('\n');
    expect(printed).toContain('[sealed]');
    expect(printed).not.toContain(CANARY);
    expect(printed).not.toContain(place.owner);
  }
});
