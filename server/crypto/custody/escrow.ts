import { WrongRootKeyError } from '../errors';
import { parseRootKey } from './secret';

/** What is put into the hands of several people together. */
export interface Escrowed {
  /** 32 bytes. */
  rootKey: Buffer;
  /** PEM of the key that signs the audit log; null when it was left out. */
  logSigningKey: string | null;
}

/** An escrow that cannot be made or opened as asked. Names no key. */
export class EscrowError extends Error {
  override readonly name = 'EscrowError';
}

const FORMAT = 'chartseal escrow v1';
/** Both people, or more. One alone could as well be given the key file. */
const FEWEST = 2;
/** How an age file begins (C2SP age v1); what is inside the last layer begins otherwise. */
const AGE = 'age-encryption.org/';

/**
 * Encrypts the root key to several people so that **all** of them are needed: to the first, what results to the second, and
 * so on (age v1, C2SP), armored. `age -d` opens it as well, the last recipient's layer first.
 *
 * @param recipients public keys, `age1…`, of different people
 * @throws EscrowError for fewer than two, the same one twice, or what is no public key
 */
export async function sealEscrow({ rootKey, logSigningKey }: Escrowed, recipients: readonly string[]): Promise<string> {
  if (new Set(recipients).size < recipients.length || recipients.length < FEWEST) {
    throw new EscrowError('An escrow is for two or more different people: give --recipient for each.');
  }
  const { armor, Encrypter } = await import('age-encryption');
  const contents = {
    format: FORMAT,
    rootKey: rootKey.toString('hex'),
    ...(logSigningKey === null ? {} : { logSigningKey }),
  };
  let layer: Uint8Array = Buffer.from(`${JSON.stringify(contents, null, 2)}\n`);
  for (const recipient of recipients) {
    const encrypter = new Encrypter();
    try {
      encrypter.addRecipient(recipient);
    } catch {
      throw new EscrowError(`${recipient} is no public key of age (age1…).`);
    }
    layer = await encrypter.encrypt(layer);
  }
  return armor.encode(layer);
}

/**
 * Opens an escrow with the secret keys of everybody it was made for, in any order.
 *
 * @param identities secret keys, `AGE-SECRET-KEY-1…`
 * @throws EscrowError when one is missing, or the file was changed
 */
export async function openEscrow(armored: string, identities: readonly string[]): Promise<Escrowed> {
  const { armor } = await import('age-encryption');
  let layer: Uint8Array;
  try {
    layer = armor.decode(armored);
  } catch {
    throw new EscrowError('This is no escrow file (armored age), or it was changed.');
  }
  let depth = 0;
  do layer = await peel(layer, identities, ++depth);
  while (isAge(layer));
  return parseContents(Buffer.from(layer).toString('utf8'));
}

/** One layer less. */
async function peel(layer: Uint8Array, identities: readonly string[], depth: number): Promise<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(layer);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no identity matched')) {
      throw new EscrowError(
        `None of these identities opens layer ${depth} of the escrow. Everybody it was made for is needed ` +
          '(give --identity-file for each), unless the file was changed.',
      );
    }
    throw new EscrowError('The escrow file was changed or cut: it does not open.');
  }
}

function isAge(layer: Uint8Array): boolean {
  return Buffer.from(layer.subarray(0, AGE.length)).toString('latin1') === AGE;
}

function parseContents(text: string): Escrowed {
  try {
    const { format, rootKey, logSigningKey } = JSON.parse(text) as Record<string, unknown>;
    if (format !== FORMAT || typeof rootKey !== 'string') throw new WrongRootKeyError('no root key');
    return { rootKey: parseRootKey(rootKey), logSigningKey: typeof logSigningKey === 'string' ? logSigningKey : null };
  } catch {
    throw new EscrowError('What the escrow holds is no root key of Chartseal.');
  }
}
