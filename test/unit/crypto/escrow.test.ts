import { probe } from '../../support/probe';

/** Three people, and `fault(work)`: what is thrown, in words. */
const PEOPLE = `
  const { sealEscrow, openEscrow } = load('crypto/custody/escrow');
  const { armor, Encrypter, generateX25519Identity, generateHybridIdentity, identityToRecipient } = await import('age-encryption');
  const [park, brandt, stranger] = [await generateX25519Identity(), await generateX25519Identity(), await generateX25519Identity()];
  const [forPark, forBrandt, forStranger] = await Promise.all([park, brandt, stranger].map(identityToRecipient));
  const escrowed = { rootKey: Buffer.alloc(32, 7), logSigningKey: 'a key in PEM' };
  const fault = async (work) => {
    try { await work(); return null; } catch (error) { return error.name + ': ' + error.message; }
  };
`;
const told = (script: string): Promise<unknown> => probe(PEOPLE + script);

test('all it was made for open it, in any order; fewer do not, with or without a stranger', async () => {
  const outcome = await told(`
    const two = await sealEscrow(escrowed, [forPark, forBrandt]);
    const three = await sealEscrow({ ...escrowed, logSigningKey: null }, [forPark, forBrandt, forStranger]);
    const opened = [await openEscrow(two, [park, brandt]), await openEscrow(two, [stranger, brandt, park]), await openEscrow(three, [stranger, park, brandt])];
    const alone = [];
    for (const [file, people] of [[two, [park]], [two, [brandt]], [two, [park, stranger]], [two, [brandt, stranger]], [two, []],
      [three, [park, brandt]], [three, [brandt, stranger]], [three, [park, stranger]]]) alone.push(await fault(() => openEscrow(file, people)));
    answer({ opened: opened.map(({ rootKey, logSigningKey }) => [rootKey.toString('hex'), logSigningKey]), alone });`);
  const rootKey = '07'.repeat(32);
  const refused = (layer: number) =>
    expect.stringMatching(`^EscrowError: None of these identities opens layer ${layer} of the escrow`);
  expect(outcome).toEqual({
    opened: [
      [rootKey, 'a key in PEM'],
      [rootKey, 'a key in PEM'],
      [rootKey, null],
    ],
    alone: [1, 2, 1, 2, 1, 1, 3, 2].map(refused),
  });
});

test('changed in any byte, cut anywhere, or something else altogether, it is refused', async () => {
  const outcome = await told(`
    const bytes = armor.decode(await sealEscrow(escrowed, [forPark, forBrandt]));
    const spoiled = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const copy = Uint8Array.from(bytes);
      copy[at] ^= 1;
      spoiled.push(copy);
    }
    for (let length = 0; length < bytes.length; length += 7) spoiled.push(bytes.subarray(0, length));
    const faults = new Set();
    for (const copy of spoiled) faults.add(await fault(() => openEscrow(armor.encode(copy), [park, brandt])));
    const encrypter = new Encrypter();
    encrypter.addRecipient(forPark);
    const other = armor.encode(await encrypter.encrypt('{"format": "something else", "rootKey": "00"}'));
    const plain = armor.encode(Buffer.from(JSON.stringify({ format: 'chartseal escrow v1', rootKey: '00'.repeat(32) })));
    for (const text of ['', 'no escrow', other, plain]) faults.add(await fault(() => openEscrow(text, [park, brandt])));
    answer({ tried: spoiled.length > 600, faults: [...faults].sort() });`);
  expect(outcome).toEqual({
    tried: true,
    faults: [
      expect.stringContaining('None of these identities opens layer 1'),
      'EscrowError: The escrow file was changed or cut: it does not open.',
      expect.stringContaining('This is no escrow file'),
      'EscrowError: What the escrow holds is no root key of Chartseal.',
    ],
  });
});

test('it is made for two or more different people with public keys, post-quantum ones too', async () => {
  const outcome = await told(`
    const hybrid = await generateHybridIdentity();
    const mixed = await sealEscrow(escrowed, [forPark, await identityToRecipient(hybrid)]);
    answer({
      none: await fault(() => sealEscrow(escrowed, [])),
      one: await fault(() => sealEscrow(escrowed, [forPark])),
      same: await fault(() => sealEscrow(escrowed, [forPark, forPark])),
      nobody: await fault(() => sealEscrow(escrowed, [forPark, 'age1nobody'])),
      mixed: (await openEscrow(mixed, [park, hybrid])).rootKey.equals(escrowed.rootKey),
    });`);
  const few = 'EscrowError: An escrow is for two or more different people: give --recipient for each.';
  const nobody = 'EscrowError: age1nobody is no public key of age (age1…).';
  expect(outcome).toEqual({ none: few, one: few, same: few, nobody, mixed: true });
});
