import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';
import { appendEntries, lockHead, type Head, type PendingRow } from '../server/audit/seal-entries';
import { encodeEntry, signCheckpoint, type LedgerEntry } from '../server/ledger';
import { newId } from '../server/platform/ids';

/** Entries written in one statement, and between two checkpoints; a busy hospital signs each second. */
const CHUNK = 1_000;
/** From so many entries on, building the indexes afterwards is faster than keeping them meanwhile, and makes them smaller. */
const WORTH_REBUILDING = 50_000;
/** Entries after which PostgreSQL is told to let go of its write-ahead log: some 700 MB. */
const CHECKPOINT_EVERY = 500_000;

/** The short log that a long one is compared with. */
export const SHORT = 10_000;
/**
 * Who is in the made-up log, and how rarely something else than a reading happens. Its patients change: each has as many
 * entries in a long log as in a short one. In the short one nothing is so rare that it does not fill a page, or pages of
 * fifty entries would be compared with pages of one.
 */
const PEOPLE = 100;
export const PATIENTS_AT_A_TIME = 20;
const RAREST_IN_SHORT = 101;
const KINDS: readonly { every: number; entry: Partial<LedgerEntry> }[] = [
  { every: 10_007, entry: { a: 'erase', op: 'ErasePatient', w: 'administration', f: [] } },
  { every: 2_003, entry: { w: 'emergency', why: 'grant' } },
  { every: 997, entry: { k: 'refused', f: [] } },
  { every: 19, entry: { a: 'search', op: 'QuickSearch', f: ['found'] } },
  { every: 11, entry: { a: 'update', op: 'UpdatePatient', f: ['phone'] } },
];
const READING: Partial<LedgerEntry> = { a: 'read', op: 'PatientPage', f: ['name', 'birthDate', 'allergies', 'vitals'] };

/** The n-th of the people of a made-up log; the same each time. */
export const personAt = (n: number): string => idAt(1, n % PEOPLE);

/** Patients there are in the short part of the log, so that reports can be asked for; after that, made-up ones. */
function patientAt(n: number, known: readonly string[]): string {
  const place = n % PATIENTS_AT_A_TIME;
  return (n < SHORT ? known[place] : undefined) ?? idAt(2, Math.floor(n / SHORT) * PATIENTS_AT_A_TIME + place);
}

function idAt(kind: number, n: number): string {
  return `00000000-0000-7000-800${kind}-${n.toString(16).padStart(12, '0')}`;
}

/** Entries as most are: a doctor reads one patient, now and then something else. */
function entryAt(n: number, time: number, known: readonly string[]): LedgerEntry {
  const kind = KINDS.find(({ every }, place) => {
    const one = n < SHORT ? Math.min(every, RAREST_IN_SHORT + 2 * place) : every;
    return n % one === one - 1;
  })?.entry;
  return {
    by: { k: 'user', r: n % 3 === 0 ? 'NURSE' : 'DOCTOR', s: newId(), u: personAt(n * 7) },
    d: null,
    id: newId(),
    ip: `192.0.2.${n % 200}`,
    k: 'ok',
    n: 1,
    o: null,
    p: [patientAt(n, known)],
    q: newId(),
    rh: null,
    t: new Date(time).toISOString(),
    v: 1,
    w: 'treatment',
    why: null,
    ...(READING as Pick<LedgerEntry, 'a' | 'op' | 'f'>),
    ...kind,
  };
}

export interface Filling {
  signingKeyFile: string;
  count: number;
  /** Patients there are. */
  patients: readonly string[];
  onProgress: (done: number) => void;
}

/** Adds so many entries to the log by the sealer's own statement. Answers bytes per entry. */
export async function fillLog(pool: Pool, { count, ...filling }: Filling): Promise<number> {
  const key = createPrivateKey(await readFile(filling.signingKeyFile, 'utf8'));
  const fill = () => connected(pool, (client) => append(client, key, { count, ...filling }));
  const bytes = count >= WORTH_REBUILDING ? await withoutIndexes(pool, fill) : await fill();
  await pool.query('VACUUM ANALYZE audit_entry, audit_entry_patient');
  return bytes / count;
}

async function append(
  client: PoolClient,
  key: KeyObject,
  { count, patients, onProgress }: Omit<Filling, 'signingKeyFile'>,
): Promise<number> {
  let head = await lockHead(client);
  let bytes = 0;
  const start = head.first + head.tree.size;
  const chunkAt = (done: number) => encodedFrom(start + done, Math.min(CHUNK, count - done), patients);
  let rows = chunkAt(0);
  for (let done = 0; rows.length > 0;) {
    const written = appendEntries(client, head, rows);
    const next = chunkAt(done + rows.length);
    const moved = await written; // the next entries were made meanwhile
    if (!moved) throw new Error('Somebody else seals here.');
    head = moved;
    await sign(client, head, key);
    bytes += rows.reduce((sum, { entry }) => sum + entry.length, 0);
    done += rows.length;
    onProgress(done);
    if (done % CHECKPOINT_EVERY < rows.length) await client.query('CHECKPOINT');
    rows = next;
  }
  return bytes;
}

function encodedFrom(first: number, count: number, patients: readonly string[]): PendingRow[] {
  return Array.from({ length: count }, (_, step) => ({
    id: null,
    entry: encodeEntry(entryAt(first + step, Date.now(), patients)),
  }));
}

async function sign(client: PoolClient, { origin, number, tree }: Head, key: KeyObject): Promise<void> {
  const note = signCheckpoint({ origin, size: tree.size, root: tree.root() }, key, new Date());
  await client.query('INSERT INTO audit_checkpoint (shard, size, note) VALUES ($1, $2, $3)', [number, tree.size, note]);
}

/** Takes the indexes of entries away for a while, their number apart. */
async function withoutIndexes<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  const { rows } = await pool.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'audit_entry' AND indexname <> 'audit_entry_pk'`,
  );
  await pool.query(`DROP INDEX ${rows.map(({ name }) => name).join()}`);
  try {
    return await work();
  } finally {
    for (const { definition } of rows)
      await pool.query(`SET maintenance_work_mem = '512MB'; ${definition}; RESET maintenance_work_mem`);
  }
}

async function connected<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
