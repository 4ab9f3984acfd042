import { copyFile, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import {
  Fault,
  KnownCheckpoints,
  LogWalk,
  noteInFile,
  openCheckpoint,
  readCheckpoint,
  toBuffer,
  toDigest,
  writePolicy,
  type Checkpoint,
  type FoundNote,
  type Policy,
} from '../ledger';
import type { AuditLog } from './audit-log';
import { readEntryPage } from './entry-pages';
import { auditorsReadme } from './export-readme';
import { TileWriter } from './tile-writer';

export interface ExportOptions {
  /** File of the stand-alone verifier, to be put beside the log. */
  verifier: string;
  /** Witnesses that must have signed; the export then goes as far as they have. */
  policy?: Policy;
  onProgress?: (done: number, total: number) => void;
}

/** What an export has written: the entries it reaches to, and how many of them are new. */
export interface Exported {
  size: number;
  added: number;
}

const PAGE = 512;

/**
 * Writes the log into a directory that a stranger can verify: C2SP tlog-tiles, every checkpoint, the policy, the verifier.
 * Run again it adds what is new. Everything is verified while it is written, and the new checkpoint is put in place last, so
 * a directory is at any moment a valid log.
 *
 * @throws Fault when the database does not hold what was signed, or does not go on from what the directory has
 */
export async function exportLog(pool: Pool, log: AuditLog, path: string, options: ExportOptions): Promise<Exported> {
  const keys = await log.keys.verifiers();
  const { policy } = options;
  const note = await (policy?.quorum ? log.proofs.cosignedNote() : log.proofs.newestNote());
  const target = note === null ? null : openCheckpoint(note, keys);
  if (note === null || !target) throw new Fault('INCOMPLETE', 0, 'no checkpoint of this log is signed yet');
  await mkdir(path, { recursive: true, mode: 0o700 });
  const before = await readBefore(path, target);
  const { writer, frontier } = await TileWriter.open(path, before.size);
  if (!frontier.root().equals(before.root))
    throw new Fault('TAMPERED', null, `${path} is not what it was when it was written`);
  const walk =
    before.size === 0
      ? LogWalk.fromStart(target.origin)
      : LogWalk.from({ chain: before.chain, tree: frontier, lastTime: 0 });
  const notes = await notesSince(pool, log, before.size);
  const found: FoundNote[] = [note, ...notes].map((text) => ({ where: 'signed', text }));
  await writeEntries(
    pool,
    walk,
    writer,
    target,
    new KnownCheckpoints(found, keys, target.origin, before.size),
    options,
  );
  await writer.finish();
  const logs = keys.map((key) => ({ name: target.origin, key }));
  await writeRest(path, { note, notes, policy: writePolicy(logs, policy), target, verifier: options.verifier }, [
    before,
    { ...walk.state, size: target.size },
  ]);
  await writer.removeOutgrown();
  return { size: target.size, added: target.size - before.size };
}

async function writeEntries(
  pool: Pool,
  walk: LogWalk,
  writer: TileWriter,
  target: Checkpoint,
  checkpoints: KnownCheckpoints,
  { onProgress }: ExportOptions,
): Promise<void> {
  const client = await pool.connect();
  try {
    checkpoints.check(walk.tree);
    while (walk.tree.size < target.size) {
      const from = walk.tree.size;
      const { bytes, entries } = await readEntryPage(client, from, Math.min(from + PAGE, target.size));
      if (entries.length === 0)
        throw new Fault('TRUNCATED', from, `${target.size} entries were signed, the log has ${from}`);
      for (const { index, start, end, leafEnd } of entries) {
        if (index !== walk.tree.size) throw new Fault('TAMPERED', walk.tree.size, `entry ${walk.tree.size} is missing`);
        const stored = toDigest(bytes.subarray(end, leafEnd));
        walk.take(bytes, start, end, (at, leaf) => {
          if (leaf !== stored) throw new Fault('TAMPERED', at, `entry ${at} is not the one its leaf hash is of`);
        });
        checkpoints.check(walk.tree);
        await writer.append(bytes.subarray(start, end), toBuffer(walk.leaf));
      }
      onProgress?.(walk.tree.size, target.size);
    }
    checkpoints.demandAllMet(Math.max(target.size, await sizeOf(pool)));
  } catch (error) {
    throw checkpoints.earliest(error);
  } finally {
    client.release();
  }
}

/** Where the directory's own checkpoint stands; an empty directory is at the beginning. */
async function readBefore(path: string, target: Checkpoint): Promise<{ size: number; root: Buffer; chain: Buffer }> {
  const note = await textOf(join(path, 'checkpoint'));
  if (note === null) {
    const { tree, state } = LogWalk.fromStart(target.origin);
    return { size: 0, root: tree.root(), chain: state.chain };
  }
  const before = readCheckpoint(note);
  if (before?.origin !== target.origin) throw new Fault('FORKED', 0, `${path} has another log`);
  if (before.size > target.size)
    throw new Fault('TRUNCATED', target.size, `${path} has ${before.size} entries, the log has ${target.size}`);
  const line = ((await textOf(join(path, 'chain'))) ?? '').split('\n').find((one) => one.startsWith(`${before.size} `));
  if (!line) throw new Fault('INCOMPLETE', null, `${path} has no last link`);
  return { size: before.size, root: before.root, chain: Buffer.from(line.split(' ')[1]!, 'hex') };
}

/** All checkpoints beyond this size, those in the database and those outside it. */
async function notesSince(pool: Pool, log: AuditLog, size: number): Promise<string[]> {
  const { rows } = await pool.query<{ note: string }>(
    'SELECT note FROM audit_checkpoint WHERE size > $1 ORDER BY size',
    [size],
  );
  const kept = (await log.file.notes()).filter((note) => Number(note.split('\n', 2)[1]) > size);
  return [...new Set([...rows.map(({ note }) => note), ...kept])];
}

async function sizeOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ size: string }>('SELECT size::text FROM audit_head');
  return Number(rows[0]?.size ?? 0);
}

interface Rest {
  note: string;
  notes: readonly string[];
  policy: string;
  target: Checkpoint;
  verifier: string;
}

/** Everything beside the tiles, the checkpoint last. `links`: that of the earlier size and that of the new one. */
async function writeRest(
  path: string,
  { note, notes, policy, target, verifier }: Rest,
  links: readonly { size: number; chain: Buffer }[],
): Promise<void> {
  const covered = notes.filter((text) => (readCheckpoint(text)?.size ?? 0) <= target.size);
  await writeFile(join(path, 'checkpoints'), covered.map(noteInFile).join(''), { flag: 'a', flush: true });
  await writeFile(join(path, 'policy'), policy, { flush: true });
  await writeFile(join(path, 'README.md'), auditorsReadme(target), { flush: true });
  await copyFile(verifier, join(path, 'chartseal-verify.mjs'));
  // the link of the earlier size stays until the checkpoint after it is in place, so that the two agree at any moment
  await replace(join(path, 'chain'), links.map(({ size, chain }) => `${size} ${chain.toString('hex')}\n`).join(''));
  await replace(join(path, 'checkpoint'), note);
}

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.draft`, text, { flush: true });
  await rename(`${path}.draft`, path);
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
