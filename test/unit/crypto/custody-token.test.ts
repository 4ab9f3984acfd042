import { openHsm, type Hsm } from '../../support/hsm';

let hsm: Hsm;
beforeEach(async () => {
  hsm = await openHsm();
});
afterEach(() => hsm?.remove());

/** What an error thrown by custody says; the script's `open()` is custody over the token, `fault(work)` catches. */
const SCRIPT = `
  const { openPkcs11, Pkcs11Custody } = load('crypto/custody/pkcs11');
  const { moduleAt } = load('crypto/custody/pkcs11-module');
  const open = (create = true, place = {}, warn) => openPkcs11({ ...hsm, ...place }, { create, warn });
  const fault = async (work) => {
    try { await work(); return null; } catch (error) { return error.name + ': ' + error.message; }
  };
  const key = Buffer.alloc(32, 7);
`;
const told = (script: string): Promise<unknown> => hsm.probe(SCRIPT + script);

test('a key wrapped in the token comes back, for its purpose only, and never as the same bytes twice', async () => {
  const outcome = await told(`
    const custody = await open();
    const [one, two] = [await custody.wrap(key, 'purpose'), await custody.wrap(key, 'purpose')];
    const changed = (at) => Buffer.from(one).fill(one[at] ^ 1, at, at + 1);
    const wrong = await Promise.all([
      fault(() => custody.unwrap(one, 'purposf')),
      ...[0, 12, 59].map((at) => fault(() => custody.unwrap(changed(at), 'purpose'))),
      fault(() => custody.unwrap(one.subarray(0, 59), 'purpose')),
      fault(() => custody.unwrap(Buffer.concat([one, one]), 'purpose')),
      fault(() => custody.unwrap(Buffer.alloc(0), 'purpose')),
    ]);
    const back = (await (await open(false)).unwrap(two, 'purpose')).equals(key);
    answer({ kind: custody.kind, length: one.length, same: one.equals(two), back, wrong: [...new Set(wrong)] });`);
  expect(outcome).toEqual({
    kind: 'PKCS#11 token',
    length: 60,
    same: false,
    back: true,
    wrong: ['WrongRootKeyError: This root key (PKCS#11 token) is not the one the database was sealed under.'],
  });
});

/** A session of an attacker who knows the PIN, with nothing between him and the token. */
const RAW = `
  const raw = moduleAt(hsm.module).use();
  const slot = raw.C_GetSlotList(true).find((each) => raw.C_GetTokenInfo(each).label.trim() === 'ward');
  const session = raw.C_OpenSession(slot, ck.CKF_SERIAL_SESSION | ck.CKF_RW_SESSION);
  const signIn = () => raw.C_Login(session, ck.CKU_USER, hsm.pin);
  const keys = () => {
    raw.C_FindObjectsInit(session, [{ type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY }]);
    const found = raw.C_FindObjects(session, 10);
    raw.C_FindObjectsFinal(session);
    return found;
  };
  const read = (handle, name) => raw.C_GetAttributeValue(session, handle, [{ type: ck[name] }])[0].value;
`;

test('the key made there cannot be read, wrapped out, copied into the open or made extractable, PIN known', async () => {
  const outcome = await told(`
    await open();
    ${RAW}
    const unseen = keys().length;
    signIn();
    const [root, ...others] = keys();
    const attributes = ['CKA_TOKEN', 'CKA_PRIVATE', 'CKA_SENSITIVE', 'CKA_ALWAYS_SENSITIVE', 'CKA_NEVER_EXTRACTABLE', 'CKA_LOCAL',
      'CKA_EXTRACTABLE', 'CKA_WRAP', 'CKA_UNWRAP', 'CKA_SIGN', 'CKA_VERIFY', 'CKA_DERIVE'];
    const wrapper = raw.C_GenerateKey(session, { mechanism: ck.CKM_AES_KEY_GEN }, [
      { type: ck.CKA_VALUE_LEN, value: 32 }, { type: ck.CKA_WRAP, value: true }]);
    const attempts = {
      read: () => read(root, 'CKA_VALUE'),
      wrap: () => raw.C_WrapKey(session, { mechanism: ck.CKM_AES_KEY_WRAP }, wrapper, root, Buffer.alloc(64)),
      extractable: () => raw.C_SetAttributeValue(session, root, [{ type: ck.CKA_EXTRACTABLE, value: true }]),
      insensitive: () => raw.C_SetAttributeValue(session, root, [{ type: ck.CKA_SENSITIVE, value: false }]),
      copy: () => raw.C_CopyObject(session, root, [{ type: ck.CKA_EXTRACTABLE, value: true }, { type: ck.CKA_SENSITIVE, value: false }]),
    };
    const refused = {};
    for (const [name, attempt] of Object.entries(attempts)) {
      refused[name] = await fault(async () => attempt()).then((line) => /CKR_\\w+/.exec(line ?? '')?.[0]);
    }
    answer({ unseen, others: others.length, length: read(root, 'CKA_VALUE_LEN')[0],
      set: attributes.filter((name) => read(root, name)[0] === 1), refused });`);
  expect(outcome).toEqual({
    unseen: 0,
    others: 0,
    length: 32,
    set: ['CKA_TOKEN', 'CKA_PRIVATE', 'CKA_SENSITIVE', 'CKA_ALWAYS_SENSITIVE', 'CKA_NEVER_EXTRACTABLE', 'CKA_LOCAL'],
    refused: {
      read: 'CKR_ATTRIBUTE_SENSITIVE',
      wrap: 'CKR_KEY_UNEXTRACTABLE',
      extractable: 'CKR_ATTRIBUTE_READ_ONLY',
      insensitive: 'CKR_ATTRIBUTE_READ_ONLY',
      copy: 'CKR_ATTRIBUTE_READ_ONLY',
    },
  });
});

test('the token wraps in the format of a key file; a key that could be taken out is warned about', async () => {
  const outcome = await told(`
    await open();
    ${RAW}
    signIn();
    const value = Buffer.alloc(32, 9);
    const imported = (label, bytes) => raw.C_CreateObject(session, [
      { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY }, { type: ck.CKA_KEY_TYPE, value: ck.CKK_AES },
      { type: ck.CKA_TOKEN, value: true }, { type: ck.CKA_PRIVATE, value: true }, { type: ck.CKA_LABEL, value: label },
      { type: ck.CKA_EXTRACTABLE, value: true }, { type: ck.CKA_ENCRYPT, value: true }, { type: ck.CKA_DECRYPT, value: true },
      { type: ck.CKA_VALUE, value: bytes }]);
    imported('brought', value);
    imported('short', value.subarray(16));
    imported('twice', value);
    imported('twice', value);
    const warnings = [];
    const custody = await open(false, { label: 'brought' }, (line) => warnings.push(line));
    const { custodyFromSecret } = load('crypto/custody/secret');
    const local = custodyFromSecret(value.toString('hex'));
    answer({
      outward: (await local.unwrap(await custody.wrap(key, 'purpose'), 'purpose')).equals(key),
      inward: (await custody.unwrap(await local.wrap(key, 'purpose'), 'purpose')).equals(key),
      warnings, short: await fault(async () => open(false, { label: 'short' })), twice: await fault(async () => open(false, { label: 'twice' })),
    });`);
  expect(outcome).toEqual({
    outward: true,
    inward: true,
    warnings: ['The key "brought" may be taken out of its token "ward" (CKA_EXTRACTABLE); it was not made here.'],
    short: 'CustodyError: The key "short" in the token "ward" is not an AES key of 256 bits.',
    twice: `CustodyError: The token "ward" holds several keys labelled "twice"; the root key's label must be its own.`,
  });
});

test('a PIN that is refused is offered once, however often the key is asked for', async () => {
  const outcome = await told(`
    await open();
    let tries = 0;
    const module = moduleAt(hsm.module).use();
    const counting = new Proxy(module, { get: (target, name) => (...args) => {
      if (name === 'C_Login') tries += 1;
      return target[name](...args);
    } });
    const custody = new Pkcs11Custody({ ...hsm, pin: '00000000' }, { use: () => counting, stop: () => undefined });
    const lines = [];
    for (let i = 0; i < 3; i += 1) lines.push(await fault(() => custody.wrap(key, 'purpose')));
    answer({ tries, lines: [...new Set(lines)] });`);
  expect(outcome).toEqual({
    tries: 1,
    lines: [
      'CustodyError: The token "ward" refuses the PIN. Tokens count wrong tries and lock themselves, so it is not tried again: correct it, then start again.',
    ],
  });
});

test('a token that the module does not show while another process writes to it is looked for again', async () => {
  const outcome = await told(`
    await open();
    let hidden = 2;
    const hiding = new Proxy(moduleAt(hsm.module).use(), { get: (target, name) => (...args) =>
      name === 'C_GetSlotList' && hidden-- > 0 ? [] : target[name](...args) });
    const custody = new Pkcs11Custody(hsm, { use: () => hiding, stop: () => undefined });
    const wrapped = await custody.wrap(key, 'purpose');
    answer((await custody.unwrap(wrapped, 'purpose')).equals(key));`);
  expect(outcome).toBe(true);
});

test('a token on its last try is not tried at all', async () => {
  const outcome = await told(`
    await open();
    let tries = 0;
    const module = moduleAt(hsm.module).use();
    const onLastTry = new Proxy(module, { get: (target, name) => (...args) => {
      if (name === 'C_Login') tries += 1;
      const result = target[name](...args);
      return name === 'C_GetTokenInfo' ? { ...result, flags: result.flags | ck.CKF_USER_PIN_FINAL_TRY } : result;
    } });
    answer({ line: await fault(() => new Pkcs11Custody(hsm, { use: () => onLastTry, stop: () => undefined }).wrap(key, 'purpose')), tries });`);
  expect(outcome).toEqual({ line: expect.stringContaining('has one try of the PIN left'), tries: 0 });
});

test('a missing module, one that is none, a missing token and a missing key are each told by name', async () => {
  const outcome = await told(`
    const nowhere = await fault(async () => open(true, { module: '/nowhere/hsm.so' }));
    const none = await fault(async () => open(true, { module: '/etc/passwd' }));
    const token = await fault(async () => open(true, { token: 'theatre' }));
    const missing = await fault(async () => open(false));
    answer([nowhere, none, token, missing]);`);
  expect(outcome).toEqual([
    'CustodyError: There is no PKCS#11 module at /nowhere/hsm.so.',
    'CustodyError: The file /etc/passwd is no PKCS#11 module that can be loaded here.',
    `CustodyError: The PKCS#11 module ${hsm.module} shows no token labelled "theatre".`,
    'WrongRootKeyError: The token "ward" holds no key labelled "chartseal-root".',
  ]);
});

test('an installation without pkcs11js says what is missing', async () => {
  const outcome = await told(`
    const Module = require('node:module');
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (name, ...rest) {
      if (name === 'pkcs11js') throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
      return resolve.call(this, name, ...rest);
    };
    answer(await fault(async () => open()));`);
  expect(outcome).toMatch(
    /^CustodyError: A root key in a PKCS#11 token needs the package pkcs11js, .* then run npm ci\.$/,
  );
});

test('a token without AES-GCM is told, before a key is made in it', async () => {
  hsm.mechanisms('CKM_AES_KEY_GEN,CKM_AES_CBC');
  const outcome = await told(`
    const line = await fault(async () => open());
    ${RAW}
    signIn();
    answer({ line, keys: keys().length });`);
  expect(outcome).toEqual({
    line: 'CustodyError: The token "ward" cannot do AES-GCM (CKM_AES_GCM), which wraps the keys.',
    keys: 0,
  });
});

test('a token that goes away while in use is told at the next operation, and works again when it is back', async () => {
  const outcome = await told(`
    const { renameSync } = require('node:fs');
    const custody = await open();
    const wrapped = await custody.wrap(key, 'purpose');
    const aside = hsm.tokens + '-aside';
    renameSync(hsm.tokens, aside);
    const lines = [await fault(() => custody.wrap(key, 'purpose')), await fault(() => custody.unwrap(wrapped, 'purpose'))];
    renameSync(aside, hsm.tokens);
    const back = (await custody.unwrap(wrapped, 'purpose')).equals(key);
    answer({ lines, back });`);
  expect(outcome).toEqual({
    lines: [
      expect.stringMatching(/^CustodyError: The PKCS#11 module .* (?:does not start|shows no token)/),
      expect.stringMatching(/^CustodyError: The PKCS#11 module .* (?:does not start|shows no token)/),
    ],
    back: true,
  });
});
