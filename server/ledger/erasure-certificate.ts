import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import { keyHint } from './note';

/** What an erasure destroyed. It names rows and keys by their ids and holds nothing that was known of the patient. */
export interface ErasureCertificate {
  v: 1;
  type: 'chartseal-erasure';
  patient: string;
  /** RFC 3339 UTC with milliseconds. */
  erasedAt: string;
  /** Account of whoever erased; null: the system itself. */
  by: string | null;
  /** Ids of the destroyed data keys, decimal. */
  keys: string[];
  /** `table.column` → envelopes that no key is left for. */
  envelopes: { [column: string]: number };
  /** The log that has the entry, and the request the entry belongs to. */
  ledger: { origin: string; request: string };
}

/**
 * Stands before what is signed. The zero byte makes sure that no certificate can be taken for a checkpoint, which is text
 * of three lines under the same key.
 */
const CONTEXT = 'chartseal/erasure-certificate/v1\0';

/**
 * A certificate as it is handed out: canonical JSON (RFC 8785) of `certificate`, `key` (name and hint of the signing key, as
 * in checkpoints) and `signature` (Ed25519 over context ‖ canonical JSON of the certificate, base64).
 */
export function signErasure(certificate: ErasureCertificate, key: KeyObject): string {
  const signature = sign(null, signed(certificate), key);
  return canonicalJson({
    certificate: { ...certificate },
    key: keyName(certificate, createPublicKey(key)),
    signature: signature.toString('base64'),
  });
}

/** Reads a certificate signed by one of these public keys. Null when it is malformed or signed by none of them. */
export function openErasure(text: string, keys: KeyObject | readonly KeyObject[]): ErasureCertificate | null {
  const { certificate, key: name, signature } = parsed(text);
  if (!isCertificate(certificate) || typeof signature !== 'string') return null;
  const bytes = Buffer.from(signature, 'base64');
  const genuine = [keys]
    .flat()
    .some((key) => name === keyName(certificate, key) && verify(null, signed(certificate), key, bytes));
  return genuine ? certificate : null;
}

function signed(certificate: ErasureCertificate): Buffer {
  return Buffer.from(CONTEXT + canonicalJson({ ...certificate }), 'utf8');
}

function keyName({ ledger }: ErasureCertificate, key: KeyObject): string {
  return `${ledger.origin}+${keyHint(ledger.origin, key).toString('hex')}`;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isCertificate(value: unknown): value is ErasureCertificate {
  if (!isRecord(value)) return false;
  const { v, type, patient, erasedAt, by, keys, envelopes, ledger } = value;
  return (
    v === 1 &&
    type === 'chartseal-erasure' &&
    typeof patient === 'string' &&
    typeof erasedAt === 'string' &&
    (by === null || typeof by === 'string') &&
    Array.isArray(keys) &&
    keys.every((id) => typeof id === 'string') &&
    isRecord(envelopes) &&
    Object.values(envelopes).every(Number.isSafeInteger) &&
    isRecord(ledger) &&
    typeof ledger.origin === 'string' &&
    typeof ledger.request === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
