import type { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  notesInFile,
  openTimeStamp,
  readCertificates,
  shardFolder,
  TimeStampError,
  type Verdict,
} from '../server/ledger';
import { files } from './export-directory';

const NAME = /^([1-9]\d{0,5})-([1-9]\d{0,15})\.tst$/;

/** A time stamp that counts, and the checkpoint it is of. */
interface Stamped {
  shard: number;
  size: number;
  at: Date;
}

/**
 * Checks the time stamps of an export that verified, if it is told by which certificates (a PEM file) to believe them: each, and that it is of a checkpoint of
 * this log. Answers the verdict with what it found: TAMPERED when a stamp does not count, INCOMPLETE when there is none.
 */
export async function withTimeStamps(verdict: Verdict, path: string, caFile: string | undefined): Promise<Verdict> {
  if (verdict.word !== 'OK' || caFile === undefined) return verdict;
  const authorities = readCertificates(await readFile(caFile, 'utf8'));
  const told = (word: Verdict['word'], finding: string): Verdict => ({ ...verdict, word, finding });
  const stamps: Stamped[] = [];
  for (const name of await namesIn(path)) {
    const [, shard, size] = NAME.exec(name)!.map(Number) as [number, number, number];
    try {
      stamps.push({ shard, size, at: await checked(path, name, shard, authorities) });
    } catch (error) {
      if (!(error instanceof TimeStampError)) throw error;
      return told('TAMPERED', `the time stamp of ${size} entries of shard ${shard} does not count: ${error.message}`);
    }
  }
  const newest = stamps.sort((one, other) => one.shard - other.shard || one.size - other.size).at(-1);
  if (!newest) return told('INCOMPLETE', 'no checkpoint was time-stamped');
  const line = `${newest.size} entries of shard ${newest.shard} were time-stamped at ${newest.at.toISOString()}`;
  return told('OK', verdict.finding === null ? line : `${verdict.finding}; ${line}`);
}

async function checked(
  path: string,
  name: string,
  shard: number,
  authorities: readonly X509Certificate[],
): Promise<Date> {
  const note = await textOf(join(path, 'time-stamps', name.replace(/tst$/, 'checkpoint')));
  const folder = shard === 1 ? path : join(path, shardFolder(shard));
  // the checkpoints that lie there were compared with the entries; of a dropped shard the final one alone is left
  const known = [...notesInFile(await textOf(join(folder, files.checkpoints))), ...notesInFile(await textOf(join(path, files.dropped)))]; // prettier-ignore
  if (!known.includes(note)) throw new TimeStampError('it is of no checkpoint that lies here');
  return openTimeStamp(await readFile(join(path, 'time-stamps', name)), { data: Buffer.from(note), authorities });
}

async function namesIn(path: string): Promise<string[]> {
  return (await readdir(join(path, 'time-stamps')).catch(() => [])).filter((name) => NAME.test(name)).sort();
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
