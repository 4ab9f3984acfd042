import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  randomBytes,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import { openEnvelope, sealEnvelope, type Binding } from '../server/crypto/envelope';

const SIZES = [32, 200, 2048];
/** Calls timed together; short enough that a pause of the machine spoils one sample and not the median. */
const BATCH = 4000;
const ROUNDS = 25;

export interface CryptoResult {
  bytes: number;
  operation: 'seal' | 'open';
  /** Median calls per second of the bare AES-256-GCM loop. */
  barePerSecond: number;
  /** Median calls per second of the envelope, which binds the place and pads besides. */
  envelopePerSecond: number;
  /** Median of the rounds' ratios. */
  ratio: number;
}

const nonces = randomBytes(12 * BATCH);
let turn = 0;

/** The leanest loop there is: nonces drawn beforehand, one buffer out, nothing bound, nothing padded. */
function bareSeal(value: Buffer, key: KeyObject): Buffer {
  const out = Buffer.allocUnsafe(12 + value.length + 16);
  const at = 12 * (turn++ % BATCH);
  nonces.copy(out, 0, at, at + 12);
  const cipher = createCipheriv('aes-256-gcm', key, out.subarray(0, 12), { authTagLength: 16 });
  cipher.update(value).copy(out, 12);
  cipher.final();
  cipher.getAuthTag().copy(out, 12 + value.length);
  return out;
}

function bareOpen(sealed: Buffer, key: KeyObject): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  const value = decipher.update(sealed.subarray(12, -16));
  decipher.final();
  return value;
}

/** Seals and opens at three sizes, in turn with a bare AES-256-GCM loop in the same process; prints and returns ratios. */
export function run(): CryptoResult[] {
  const key = createSecretKey(randomBytes(32));
  const binding: Binding = { table: 'patient', column: 'medical_history', row: randomUUID(), owner: randomUUID() };
  const results = SIZES.flatMap((bytes) => {
    const value = randomBytes(bytes);
    const bare = bareSeal(value, key);
    const envelope = sealEnvelope(value, key, 1n, binding);
    return [
      compare(
        bytes,
        'seal',
        () => bareSeal(value, key),
        () => sealEnvelope(value, key, 1n, binding),
      ),
      compare(
        bytes,
        'open',
        () => bareOpen(bare, key),
        () => openEnvelope(envelope, key, binding),
      ),
    ];
  });
  console.table(results);
  return results;
}

function compare(
  bytes: number,
  operation: CryptoResult['operation'],
  bare: () => Buffer,
  envelope: () => Buffer,
): CryptoResult {
  const rounds = Array.from({ length: ROUNDS + 2 }, () => ({ bare: rate(bare), envelope: rate(envelope) })).slice(2);
  return {
    bytes,
    operation,
    barePerSecond: Math.round(median(rounds.map((round) => round.bare))),
    envelopePerSecond: Math.round(median(rounds.map((round) => round.envelope))),
    ratio: Number(median(rounds.map((round) => round.envelope / round.bare)).toFixed(2)),
  };
}

/** Calls per second over one batch. */
function rate(call: () => Buffer): number {
  const from = process.hrtime.bigint();
  for (let calls = 0; calls < BATCH; calls++) call();
  return (BATCH * 1e9) / Number(process.hrtime.bigint() - from);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}
