import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import { columnsOf } from '../server/audit/entry-columns';
import { chainNext, encodeEntry, Frontier, leafOf, signCheckpoint, type LedgerEntry } from '../server/ledger';
import { newId } from '../server/platform/ids';

/** Entries written in one statement. */
const CHUNK = 2_000;
/** Entries between two checkpoints; a busy hospital signs each second. */
const SIGNED_EVERY = 1_000;

interface Head {
  origin: string;
  size: string;
  chain: Buffer;
  frontier: Buffer[];
}

/** Who is in the made-up log, and how rarely something else than a reading happens. */
const PEOPLE = 400;
const PATIENTS = 20_000;
const KINDS: readonly { every: number; entry: Partial<LedgerEntry> }[] = [
  { every: 10_007, entry: { a: 'erase', op: 'ErasePatient', w: 'administration', f: [] } },
  { every: 2_003, entry: { w: 'emergency', why: 'grant' } },
  { every: 997, entry: { k: 'refused', f: [] } },
  { every: 19, entry: { a: 'search', op: 'QuickSearch', f: ['found'] } },
  { every: 11, entry: { a: 'update', op: 'UpdatePatient', f: ['phone'] } },
];
const READING: Partial<LedgerEntry> = { a: 'read', op: 'PatientPage', f: ['name', 'birthDate', 'allergies', 'vitals'] };

/** The n-th of the people and patients of a made-up log; the same each time. */
export const personAt = (n: number): string => idAt(1, n % PEOPLE);
export const patientAt = (n: number): string => idAt(2, n % PATIENTS);

function idAt(kind: number, n: number): string {
  return `00000000-0000-7000-800${kind}-${n.toString(16).padStart(12, '0')}`;
}

/** Entries as most are: a doctor reads one patient, now and then something else. */
function entryAt(n: number, time: number): LedgerEntry {
  const kind = KINDS.find(({ every }) => n % every === every - 1)?.entry ?? {};
  return {
    by: { k: 'user', r: n % 3 === 0 ? 'NURSE' : 'DOCTOR', s: newId(), u: personAt(n * 7) },
    d: 'a3'.repeat(32),
    id: newId(),
    ip: `192.0.2.${n % 200}`,
    k: 'ok',
    n: 1,
    o: null,
    p: [patientAt(n * 13)],
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

/** Adds so many entries to the log as the sealer would have sealed them, a good deal faster. Answers bytes per entry. */
export async function fillLog(
  pool: Pool,
  signingKeyFile: string,
  count: number,
  onProgress: (done: number) => void,
): Promise<number> {
  const key = createPrivateKey(await readFile(signingKeyFile, 'utf8'));
  const { rows } = await pool.query<Head>('SELECT origin, size::text, chain, frontier FROM audit_head');
  const head = rows[0]!;
  const tree = Frontier.of(Number(head.size), head.frontier);
  let { chain } = head;
  let bytes = 0;
  for (let done = 0; done < count;) {
    const first = tree.size;
    const leaves: Buffer[] = [];
    const chains: Buffer[] = [];
    const notes: [number, string][] = [];
    const entries = Array.from({ length: Math.min(CHUNK, count - done) }, (_, step) =>
      entryAt(first + step, Date.now()),
    );
    const encoded = entries.map(encodeEntry);
    for (const entry of encoded) {
      const leaf = leafOf(entry);
      chain = chainNext(chain, leaf);
      tree.append(leaf);
      leaves.push(leaf);
      chains.push(chain);
      bytes += entry.length;
      if (tree.size % SIGNED_EVERY === 0)
        notes.push([
          tree.size,
          signCheckpoint({ origin: head.origin, size: tree.size, root: tree.root() }, key, new Date()),
        ]);
    }
    const facts = entries.map(columnsOf);
    await pool.query(
      `WITH written AS (INSERT INTO audit_entry (index, entry, leaf, chain, at, actor_id, action, outcome, request_id,
           role, operation, purpose, ip, fields)
         SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::uuid[], $7::text[],
           $8::text[], $9::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[])),
       named AS (INSERT INTO audit_entry_patient (patient_id, index) SELECT * FROM unnest($10::uuid[], $1::bigint[])),
       signed AS (INSERT INTO audit_checkpoint (size, note) SELECT * FROM unnest($11::bigint[], $12::text[]))
       UPDATE audit_head SET size = $13, chain = $14, root = $15, frontier = $16`,
      [
        entries.map((_, offset) => first + offset),
        encoded,
        leaves,
        chains,
        facts.map(({ at }) => at),
        facts.map(({ actorId }) => actorId),
        facts.map(({ action }) => action),
        facts.map(({ outcome }) => outcome),
        facts.map(({ requestId }) => requestId),
        facts.map(({ patients }) => patients[0]),
        notes.map(([size]) => size),
        notes.map(([, note]) => note),
        tree.size,
        chain,
        tree.root(),
        tree.nodes,
        facts.map(({ role }) => role),
        facts.map(({ operation }) => operation),
        facts.map(({ purpose }) => purpose),
        facts.map(({ ip }) => ip),
        facts.map(({ fields }) => fields),
      ],
    );
    done += entries.length;
    onProgress(done);
  }
  await pool.query('VACUUM ANALYZE audit_entry, audit_entry_patient');
  return bytes / count;
}
