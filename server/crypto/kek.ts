import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { KeyCustody } from './custody/custody';
import { WrongRootKeyError } from './errors';
import { KEY_BYTES, keyCheckValue } from './wrap';

type Unwrapping = Pick<KeyCustody, 'kind' | 'unwrap'>;

/** A key-encryption key as it is stored. */
export interface KeyEpochRow {
  epoch: number;
  wrapped: Buffer;
  kcv: Buffer;
}

/** The derivation root as it is stored. */
export interface IndexRootRow {
  version: number;
  wrapped: Buffer;
  kcv: Buffer;
}

/** Makes the key-encryption key of an epoch, wrapped by the root key. */
export async function newEpoch(custody: KeyCustody, epoch: number): Promise<KeyEpochRow> {
  return { epoch, ...(await newWrapped(custody, epochContext(epoch))) };
}

/** The key-encryption key of an epoch. Throws WrongRootKeyError when custody holds another root key. */
export async function unwrapEpoch(custody: Unwrapping, row: KeyEpochRow): Promise<KeyObject> {
  const raw = await unwrapChecked(custody, row, epochContext(row.epoch));
  const key = createSecretKey(raw);
  raw.fill(0);
  return key;
}

/** Makes a derivation root, wrapped by the root key: what `TokenKeys` derives everything from. */
export async function newIndexRoot(custody: KeyCustody, version = 1): Promise<IndexRootRow> {
  return { version, ...(await newWrapped(custody, indexContext(version))) };
}

/** The derivation root, 32 bytes. Throws WrongRootKeyError when custody holds another root key. */
export async function unwrapIndexRoot(custody: KeyCustody, row: IndexRootRow): Promise<Buffer> {
  return unwrapChecked(custody, row, indexContext(row.version));
}

/**
 * The same key-encryption key wrapped by another root key, and opened again to prove it.
 * @throws WrongRootKeyError when `from` did not wrap it, or `to` does not give it back
 */
export async function moveEpoch(row: KeyEpochRow, from: KeyCustody, to: KeyCustody): Promise<KeyEpochRow> {
  return { ...row, wrapped: await rewrap(row, epochContext(row.epoch), from, to) };
}

/** The same derivation root wrapped by another root key, and opened again to prove it. Throws as `moveEpoch` does. */
export async function moveIndexRoot(row: IndexRootRow, from: KeyCustody, to: KeyCustody): Promise<IndexRootRow> {
  return { ...row, wrapped: await rewrap(row, indexContext(row.version), from, to) };
}

const epochContext = (epoch: number) => `chartseal/key-epoch/v1/${epoch}`;
const indexContext = (version: number) => `chartseal/index-root/v1/${version}`;

async function newWrapped(custody: KeyCustody, context: string): Promise<{ wrapped: Buffer; kcv: Buffer }> {
  const raw = randomBytes(KEY_BYTES);
  const row = { wrapped: await custody.wrap(raw, context), kcv: keyCheckValue(raw) };
  raw.fill(0);
  return row;
}

async function rewrap(
  { wrapped, kcv }: { wrapped: Buffer; kcv: Buffer },
  context: string,
  from: KeyCustody,
  to: KeyCustody,
): Promise<Buffer> {
  const raw = await unwrapChecked(from, { wrapped, kcv }, context);
  const moved = await to.wrap(raw, context);
  const back = await unwrapChecked(to, { wrapped: moved, kcv }, context);
  raw.fill(0);
  back.fill(0);
  return moved;
}

async function unwrapChecked(
  custody: Unwrapping,
  row: { wrapped: Buffer; kcv: Buffer },
  context: string,
): Promise<Buffer> {
  const raw = await custody.unwrap(row.wrapped, context);
  if (!keyCheckValue(raw).equals(row.kcv)) {
    throw new WrongRootKeyError(`What the root key (${custody.kind}) unwraps differs from its check value.`);
  }
  return raw;
}
