import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalJson,
  checkpointText,
  openCheckpoint,
  openErasure,
  signCheckpoint,
  signErasure,
  type ErasureCertificate,
} from '../../../server/ledger';

interface Vector {
  privateKey: string;
  certificate: ErasureCertificate;
  signed: string;
  text: string;
}

const vector = JSON.parse(readFileSync(join(__dirname, '../../vectors/erasure-certificate-v1.json'), 'utf8')) as Vector;
const key = createPrivateKey(vector.privateKey);
const publicKey = createPublicKey(key);
const { certificate } = vector;

test('a certificate is what the worked example says, byte for byte', () => {
  expect(signErasure(certificate, key)).toBe(vector.text);
  expect(openErasure(vector.text, publicKey)).toEqual(certificate);
});

test('a stranger checks it with the public key alone: context, zero byte, canonical JSON', () => {
  const { signature } = JSON.parse(vector.text) as { signature: string };
  const bytes = Buffer.from(`chartseal/erasure-certificate/v1\0${canonicalJson({ ...certificate })}`, 'utf8');
  expect(bytes.toString('hex')).toBe(vector.signed);
  expect(verify(null, bytes, publicKey, Buffer.from(signature, 'base64'))).toBe(true);
});

test('white space and the order of members do not matter to who reads it', () => {
  const loose = JSON.stringify(JSON.parse(vector.text), null, 2);
  expect(openErasure(loose, publicKey)).toEqual(certificate);
});

describe('what is changed is not genuine', () => {
  const parts = JSON.parse(vector.text) as Record<string, unknown>;
  const changed: [string, unknown][] = [
    ['another patient', { ...parts, certificate: { ...certificate, patient: '01890000-0000-7000-8000-00000000000f' } }],
    ['another time', { ...parts, certificate: { ...certificate, erasedAt: '2026-01-02T03:04:05.679Z' } }],
    ['a key less', { ...parts, certificate: { ...certificate, keys: [] } }],
    ['another count', { ...parts, certificate: { ...certificate, envelopes: { 'patient.name': 2 } } }],
    ['another log', { ...parts, certificate: { ...certificate, ledger: { origin: 'x', request: 'y' } } }],
    ['something added', { ...parts, certificate: { ...certificate, note: 'more' } }],
    ['another key’s name', { ...parts, key: 'chartseal/ward+00000000' }],
    ['no signature', { ...parts, signature: '' }],
    ['another type', { ...parts, certificate: { ...certificate, type: 'checkpoint' } }],
  ];
  test.each(changed)('%s', (_what, value) => expect(openErasure(JSON.stringify(value), publicKey)).toBeNull());

  test.each(['', 'null', '[]', '{}', '{"certificate":{}}', 'not JSON'])('%p is no certificate', (text) =>
    expect(openErasure(text, publicKey)).toBeNull(),
  );

  test('signed by another key', () => {
    const other = generateKeyPairSync('ed25519');
    expect(openErasure(signErasure(certificate, other.privateKey), publicKey)).toBeNull();
    expect(openErasure(vector.text, [other.publicKey])).toBeNull();
    expect(openErasure(vector.text, [other.publicKey, publicKey])).toEqual(certificate);
  });
});

test('no signature of a checkpoint serves for a certificate, and none of a certificate for a checkpoint', () => {
  const { origin } = certificate.ledger;
  const checkpoint = { origin, size: 7, root: Buffer.alloc(32, 7) };
  const parts = JSON.parse(vector.text) as { signature: string };
  const line = (signature: Buffer) => {
    const hint = /— \S+ (\S+)\n/.exec(signCheckpoint(checkpoint, key))![1]!;
    return `— ${origin} ${Buffer.concat([Buffer.from(hint, 'base64').subarray(0, 4), signature]).toString('base64')}\n`;
  };
  const ofCertificate = Buffer.from(parts.signature, 'base64');
  expect(openCheckpoint(`${checkpointText(checkpoint)}\n${line(ofCertificate)}`, publicKey)).toBeNull();
  const plain = sign(null, Buffer.from(canonicalJson({ ...certificate })), key).toString('base64'); // without the context
  expect(openErasure(JSON.stringify({ ...parts, signature: plain }), publicKey)).toBeNull();
});
