import type { KeyObject } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import {
  demandKnownLogs,
  Fault,
  noteInFile,
  openCheckpoint,
  readCheckpoint,
  shardFolder,
  withoutLost,
  writePolicy,
  type Policy,
} from '../ledger';
import type { AuditLog } from './audit-log';
import { textOf } from './export-files';
import { auditorsReadme } from './export-readme';
import { exportShard } from './export-shard';
import { demandLinked, type Links } from './shard-links';
import { readShards, type ClosedShard, type OpenShard, type Shards } from './shards';

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

/** A shard, and the note it is exported to. */
interface Target {
  shard: ClosedShard | OpenShard;
  note: string;
}

/**
 * Writes the log into a directory that a stranger can verify: C2SP tlog-tiles, every checkpoint, the policy, the verifier; the
 * first shard in the directory itself, each after it in a folder of its own. Run again it adds what is new. Everything is
 * verified while it is written, and a new checkpoint is put in place last, so a directory is at any moment a valid log.
 *
 * @throws Fault when the database does not hold what was signed, or does not go on from what the directory has
 */
export async function exportLog(pool: Pool, log: AuditLog, path: string, options: ExportOptions): Promise<Exported> {
  const keys = await log.keys.verifiers();
  const newest = await (options.policy?.quorum ? log.proofs.cosignedNote() : log.proofs.newestNote());
  const kept = (await log.file.notes()).map((text) => ({ where: 'kept', text }));
  const shards = await readShards(pool);
  const targets = targetsOf(shards, newest);
  const last = targets.at(-1);
  if (!last) throw new Fault('INCOMPLETE', 0, 'no checkpoint of this log is signed yet');
  const links = await demandLinked(pool, shards, keys, () => undefined);
  demandKnownLogs(kept, originsOf(shards), links.lost);
  await mkdir(path, { recursive: true, mode: 0o700 });
  await passOverDropped(path, shards.closed);
  const total = last.shard.first + (readCheckpoint(last.note)?.size ?? 0);
  let added = 0;
  for (const target of targets) {
    const onProgress = (done: number) => options.onProgress?.(target.shard.first + done, total);
    added += await exportOne(pool, path, target, { keys, kept, links, policy: options.policy, onProgress });
  }
  const origins = targets.map(({ shard }) => shard.origin);
  await writeFile(join(path, 'policy'), policyFor(origins, keys, options.policy), { flush: true });
  await writeFile(join(path, 'README.md'), auditorsReadme(last.shard.origin, total), { flush: true });
  await copyFile(options.verifier, join(path, 'chartseal-verify.mjs'));
  return { size: total, added };
}

interface Surroundings {
  keys: readonly KeyObject[];
  kept: readonly { where: string; text: string }[];
  links: Links;
  policy: Policy | undefined;
  onProgress: (done: number) => void;
}

async function exportOne(
  pool: Pool,
  path: string,
  { shard, note }: Target,
  { keys, kept, links, policy, onProgress }: Surroundings,
): Promise<number> {
  const target = openCheckpoint(note, keys);
  if (!target)
    throw new Fault('TAMPERED', shard.first, `the checkpoint of shard ${shard.number} is not signed by this log`);
  const gone = links.lost.find(({ origin }) => origin === shard.origin);
  const own = kept.filter(({ text }) => text.startsWith(`${shard.origin}\n`));
  const folder = shard.number === 1 ? path : join(path, shardFolder(shard.number));
  try {
    return await exportShard(pool, folder, {
      shard,
      note,
      target,
      keys,
      policy: policyFor([shard.origin], keys, policy),
      kept: withoutLost(own, gone, shard.size),
      onProgress,
    });
  } catch (error) {
    if (!(error instanceof Fault) || error.at === null || shard.first === 0) throw error;
    throw new Fault(error.word, shard.first + error.at, `shard ${shard.number}: ${error.message}`);
  }
}

/** Shards that still have their entries, the open one if a checkpoint of it is signed as it must be. */
function targetsOf({ closed, open }: Shards, newest: string | null): Target[] {
  const whole = closed.filter(({ dropped }) => !dropped).map((shard) => ({ shard, note: shard.note }));
  const own = open && newest !== null && newest.startsWith(`${open.origin}\n`);
  return own ? [...whole, { shard: open, note: newest }] : whole;
}

/**
 * Entries that were dropped are not exported again: either the directory has them from before, all of them, or it gets their
 * final checkpoints. Throws Fault when it has some of them.
 */
async function passOverDropped(path: string, closed: readonly ClosedShard[]): Promise<void> {
  const dropped = closed.filter(({ dropped }) => dropped);
  const found: ClosedShard[] = [];
  for (const shard of dropped) {
    const note = await textOf(join(path, shard.number === 1 ? '' : shardFolder(shard.number), 'checkpoint'));
    if (note === shard.note) found.push(shard);
    else if (note !== null || found.length > 0)
      throw new Fault('INCOMPLETE', shard.first, `${path} lacks entries of shard ${shard.number}, which was dropped; take an empty directory`); // prettier-ignore
  }
  if (found.length === 0 && dropped.length > 0)
    await writeFile(join(path, 'dropped'), dropped.map(({ note }) => noteInFile(note)).join(''), { flush: true });
}

function policyFor(origins: readonly string[], keys: readonly KeyObject[], policy: Policy | undefined): string {
  return writePolicy(
    origins.flatMap((name) => keys.map((key) => ({ name, key }))),
    policy,
  );
}

function originsOf({ closed, open }: Shards): string[] {
  return [...closed, ...(open ? [open] : [])].map(({ origin }) => origin);
}
