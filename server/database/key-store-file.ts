import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ExitError } from '../platform/exit';
import { writeWholeFile } from '../platform/whole-file';

/** The tables of a key store, those first that others refer to, and how each is read in pages. */
export const keyStoreTables = {
  key_epoch: { from: 'key_epoch', key: 'epoch' },
  index_key: { from: 'index_key', key: 'version' },
  data_key: { from: 'data_key', key: 'id' },
  key_use: {
    from: '(SELECT key_id, sum(messages)::bigint AS messages, max(at) AS at FROM key_use GROUP BY key_id) AS key_use',
    key: 'key_id',
  },
  destroyed_key: { from: 'destroyed_key', key: 'id' },
  erasure: { from: 'erasure', key: 'id' },
} as const;

export type KeyStoreTable = keyof typeof keyStoreTables;

/** One row as PostgreSQL writes it in JSON. It stays text on its way: ids of keys are greater than what a number holds. */
export interface KeyStoreRow {
  table: KeyStoreTable;
  json: string;
}

const HEAD = '{"type":"chartseal-key-store","v":1}';
const ROW = /^\{"table":"([a-z_]+)","row":(\{.*\})\}$/;
const END = /^\{"rows":(\d+),"sha256":"([\da-f]{64})"\}$/;

/** Writes a key store: a line for each row, the last line with the SHA-256 of all before it. Answers how many rows. */
export async function writeKeyStore(path: string, rows: AsyncIterable<KeyStoreRow>): Promise<number> {
  let written = 0;
  async function* lines(): AsyncGenerator<string> {
    const hash = createHash('sha256');
    const hashed = (line: string) => {
      hash.update(`${line}\n`);
      return `${line}\n`;
    };
    yield hashed(HEAD);
    for await (const { table, json } of rows) {
      yield hashed(`{"table":"${table}","row":${json}}`);
      written += 1;
    }
    yield `{"rows":${written},"sha256":"${hash.digest('hex')}"}\n`;
  }
  await writeWholeFile(path, lines());
  return written;
}

/** The rows of a key store, in the order of its tables. Throws ExitError for a file that is none. */
export async function* readKeyStore(path: string): AsyncGenerator<KeyStoreRow> {
  for await (const line of linesOf(path)) {
    const [, table, json] = ROW.exec(line) ?? [];
    if (table && json && table in keyStoreTables) yield { table: table as KeyStoreTable, json };
    else if (line !== HEAD && !END.test(line)) throw noKeyStore(path, 'it has a line that is no row');
  }
}

/** Reads a key store through before anything is done with it. Throws ExitError when it is cut, changed or none. */
export async function demandWholeKeyStore(path: string): Promise<void> {
  const hash = createHash('sha256');
  let [rows, last] = [-1, ''];
  for await (const line of linesOf(path)) {
    if (rows === -1 && line !== HEAD) throw noKeyStore(path, 'its first line is not that of a key store');
    if (last !== '') hash.update(`${last}\n`);
    last = line;
    rows += 1;
  }
  const [, told, sha256] = END.exec(last) ?? [];
  if (!sha256) throw noKeyStore(path, 'its end is missing');
  if (Number(told) !== rows - 1 || hash.digest('hex') !== sha256) throw noKeyStore(path, 'it was changed');
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8');
  const opened = new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
  await opened.catch((error: NodeJS.ErrnoException) => {
    throw noKeyStore(path, `it cannot be read (${error.code})`);
  });
  yield* createInterface({ input: stream, crlfDelay: Infinity });
}

function noKeyStore(path: string, why: string): ExitError {
  return new ExitError(`${path} cannot be used as a key store: ${why}.`);
}
