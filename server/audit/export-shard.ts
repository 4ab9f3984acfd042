import type { KeyObject } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { onConnection } from '../database/on-connection';
import {
  Fault,
  KnownCheckpoints,
  LogWalk,
  noteInFile,
  readCheckpoint,
  toBuffer,
  toDigest,
  type Checkpoint,
  type FoundNote,
} from '../ledger';
import { readEntries, type StoredEntry } from './entry-pages';
import { replaceFile, textOf } from './export-files';
import type { ClosedShard, OpenShard } from './shards';
import { TileWriter } from './tile-writer';

export interface ShardToExport {
  shard: ClosedShard | OpenShard;
  /** The checkpoint to be exported to, and what it says. */
  note: string;
  target: Checkpoint;
  keys: readonly KeyObject[];
  policy: string;
  /** Notes of this shard kept outside the database. */
  kept: readonly FoundNote[];
  onProgress: (done: number) => void;
}

const AT_ONCE = 512;

/**
 * Writes one shard into a directory, or adds what is new; its new checkpoint is put in place last. Faults count entries from
 * the first of the shard. Answers how many entries are new.
 *
 * @throws Fault when the database does not hold what was signed, or does not go on from what the directory has
 */
export async function exportShard(pool: Pool, path: string, what: ShardToExport): Promise<number> {
  const { shard, note, target, keys } = what;
  await mkdir(path, { recursive: true, mode: 0o700 });
  const before = await readBefore(path, target);
  const { writer, frontier } = await TileWriter.open(path, before.size);
  if (!frontier.root().equals(before.root))
    throw new Fault('TAMPERED', null, `${path} is not what it was when it was written`);
  const walk =
    before.size === 0
      ? LogWalk.fromStart(target.origin)
      : LogWalk.from({ chain: before.chain, tree: frontier, lastTime: 0 });
  const notes = await notesSince(pool, what, before.size);
  const found: FoundNote[] = [note, ...notes].map((text) => ({ where: 'signed', text }));
  const checkpoints = new KnownCheckpoints(found, keys, target.origin, before.size);
  await writeEntries(pool, walk, writer, what, checkpoints);
  checkpoints.demandAllMet(Math.max(target.size, shard.size));
  await writer.finish();
  await writeRest(path, what, notes, [before, { ...walk.state, size: target.size }]);
  await writer.removeOutgrown();
  return target.size - before.size;
}

async function writeEntries(
  pool: Pool,
  walk: LogWalk,
  writer: TileWriter,
  { shard: { first }, target, onProgress }: ShardToExport,
  checkpoints: KnownCheckpoints,
): Promise<void> {
  try {
    checkpoints.check(walk.tree);
    while (walk.tree.size < target.size) {
      const from = walk.tree.size;
      const to = Math.min(from + AT_ONCE, target.size);
      const taken: { entry: Buffer; leaf: Buffer }[] = [];
      const take = ({ row, index, start, end, leafStart, leafEnd }: StoredEntry) => {
        const place = walk.tree.size;
        if (index !== first + place) throw new Fault('TAMPERED', place, `entry ${first + place} is missing`);
        walk.take(row, start, end, (at, leaf) => {
          if (leaf !== toDigest(row.subarray(leafStart, leafEnd)))
            throw new Fault('TAMPERED', at, `entry ${index} is not the one its leaf hash is of`);
        });
        checkpoints.check(walk.tree);
        taken.push({ entry: Buffer.from(row.subarray(start, end)), leaf: toBuffer(walk.leaf) });
      };
      await onConnection(pool, (client) => readEntries(client, first + from, first + to, take));
      if (taken.length === 0)
        throw new Fault('TRUNCATED', from, `${target.size} entries were signed, the log has ${from}`);
      for (const { entry, leaf } of taken) await writer.append(entry, leaf);
      onProgress(walk.tree.size);
    }
  } catch (error) {
    throw checkpoints.earliest(error);
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

/** All checkpoints of the shard beyond this size, those in the database and those outside it. */
async function notesSince(pool: Pool, { shard, kept }: ShardToExport, size: number): Promise<string[]> {
  const { rows } = await pool.query<{ note: string }>(
    'SELECT note FROM audit_checkpoint WHERE shard = $1 AND size > $2 ORDER BY size',
    [shard.number, size],
  );
  const outside = kept.map(({ text }) => text).filter((note) => Number(note.split('\n', 2)[1]) > size);
  return [...new Set([...rows.map(({ note }) => note), ...outside])];
}

/** Everything beside the tiles, the checkpoint last. `links`: that of the earlier size and that of the new one. */
async function writeRest(
  path: string,
  { note, target, policy }: ShardToExport,
  notes: readonly string[],
  links: readonly { size: number; chain: Buffer }[],
): Promise<void> {
  const covered = notes.filter((text) => (readCheckpoint(text)?.size ?? 0) <= target.size);
  await writeFile(join(path, 'checkpoints'), covered.map(noteInFile).join(''), { flag: 'a', flush: true });
  await writeFile(join(path, 'policy'), policy, { flush: true });
  // the link of the earlier size stays until the checkpoint after it is in place, so that the two agree at any moment
  await replaceFile(join(path, 'chain'), links.map(({ size, chain }) => `${size} ${chain.toString('hex')}\n`).join(''));
  await replaceFile(join(path, 'checkpoint'), note);
}
