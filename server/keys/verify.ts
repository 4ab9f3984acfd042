import type { Foundation } from '../access/foundation';
import { unwrapEpoch, unwrapIndexRoot, type IndexRootRow, type KeyEpochRow } from '../crypto/kek';
import { countColumns, type OnCounted } from '../database/key-report';
import { DATA_KEY_COLUMNS, toDataKey, type RawDataKey } from '../database/key-store';
import { catalogueFaults } from './census';
import { findRunning } from './key-job-store';
import { envelopeFaults } from './verify-envelopes';

const PAGE = 500;

export interface VerifyOptions {
  /** Open every envelope too. */
  open: boolean;
  onProgress?: (what: string, done: number, total: number) => void;
}

/**
 * Checks every key and where it is used: check values of epochs, derivation roots and data keys, the catalogue of sealed
 * columns, envelopes without a standing key and, if asked, that each envelope opens at its place. Writes nothing. Answers
 * one line a finding; none when all is well.
 */
export async function verifyKeys(base: Foundation, { open, onProgress }: VerifyOptions): Promise<string[]> {
  const tell =
    (what: string): OnCounted =>
    (done, total) =>
      onProgress?.(what, done, total);
  return [
    ...(await rootFaults(base)),
    ...(await dataKeyFaults(base, tell('Unwrapping data keys'))),
    ...(await catalogueFaults(base)),
    ...(await columnFaults(base, tell('Counting sealed values'))),
    ...(open ? await envelopeFaults(base, tell('Opening sealed values')) : []),
  ];
}

/** What custody has wrapped: key epochs and derivation roots. */
async function rootFaults({ dataSource, custody }: Foundation): Promise<string[]> {
  const epochs = await dataSource.query<KeyEpochRow[]>('SELECT epoch, wrapped, kcv FROM key_epoch ORDER BY epoch');
  const roots = await dataSource.query<IndexRootRow[]>('SELECT version, wrapped, kcv FROM index_key ORDER BY version');
  const checks = [
    ...epochs.map((row) => ({ what: `Key epoch ${row.epoch}`, check: () => unwrapEpoch(custody, row) })),
    ...roots.map((row) => ({ what: `Derivation root ${row.version}`, check: () => unwrapIndexRoot(custody, row) })),
  ];
  const faults: string[] = [];
  for (const { what, check } of checks) {
    await check().catch((error: unknown) => faults.push(`${what} does not unwrap: ${messageOf(error)}`));
  }
  return faults;
}

async function dataKeyFaults({ dataSource, keyring }: Foundation, onCounted: OnCounted): Promise<string[]> {
  const [row] = await dataSource.query<{ n: string }[]>('SELECT count(*) AS n FROM data_key');
  const faults: string[] = [];
  let done = 0;
  for (let after = '0'; ;) {
    const keys = await dataSource.query<RawDataKey[]>(
      `SELECT ${DATA_KEY_COLUMNS} FROM data_key WHERE id > $1::bigint ORDER BY data_key.id LIMIT $2`,
      [after, PAGE],
    );
    for (const key of keys) {
      await keyring.check(toDataKey(key)).catch((error: unknown) => {
        faults.push(`Data key ${key.id} of owner ${key.owner} does not unwrap: ${messageOf(error)}`);
      });
    }
    if (keys.length === 0) return faults;
    after = keys.at(-1)!.id;
    onCounted((done += keys.length), Math.max(done, Number(row!.n)));
  }
}

async function columnFaults({ dataSource }: Foundation, onCounted: OnCounted): Promise<string[]> {
  const resealing = (await findRunning(dataSource))?.kind === 'RESEAL'; // then the old keys are still in use by right
  const reports = await countColumns(dataSource, onCounted);
  return reports.flatMap(({ table, column, withoutKey, underRetiredKeys }) => [
    ...(withoutKey > 0 ? [`${table}.${column}: ${withoutKey} values without a key`] : []),
    ...(underRetiredKeys > 0 && !resealing
      ? [`${table}.${column}: ${underRetiredKeys} values under replaced keys`]
      : []),
  ]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason given';
}
