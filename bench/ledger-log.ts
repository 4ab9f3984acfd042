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

/** An entry as most are: a doctor reads one patient. */
function entryAt(time: number, patient: string): LedgerEntry {
  return {
    a: 'read',
    by: { k: 'user', r: 'DOCTOR', s: newId(), u: newId() },
    d: 'a3'.repeat(32),
    f: ['name', 'birthDate', 'allergies', 'vitals'],
    id: newId(),
    ip: '192.0.2.14',
    k: 'ok',
    n: 1,
    o: null,
    op: 'PatientPage',
    p: [patient],
    q: newId(),
    rh: null,
    t: new Date(time).toISOString(),
    v: 1,
    w: 'treatment',
    why: null,
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
    const entries = Array.from({ length: Math.min(CHUNK, count - done) }, () => entryAt(Date.now(), newId()));
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
