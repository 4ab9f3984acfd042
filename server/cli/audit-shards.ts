import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { verifyDirectory } from '../../verifier/verify-directory';
import { notesInFile } from '../ledger';
import { exitCodes, ExitError } from '../platform/exit';
import type { Runtime } from '../runtime';
import { asPath, asWhole } from './arguments';
import { group } from './group';
import { count, Progress } from './progress';
import { print, withRuntime } from './with-runtime';

export function register(program: Command): void {
  const audit = group(program, 'audit', 'The audit log');
  audit
    .command('close-shard')
    .description('Close the open shard of the log with a final checkpoint, and begin the next')
    .action(() => withRuntime(closeShard));
  audit
    .command('drop-shard')
    .description(
      'Delete the entries of a closed shard from the database, once an export has been verified that has them',
    )
    .argument('<number>', 'which one', asWhole(1, 999_999))
    .requiredOption('--export <directory>', 'the export; it is verified whole', asPath)
    .option('--yes', 'do it; without, only say what would go', false)
    .action((number: number, { export: directory, yes }: { export: string; yes: boolean }) =>
      withRuntime((runtime) => dropShard(runtime, number, directory, yes)),
    );
  audit
    .command('restore-shard')
    .description('After a backup was restored: close the log as it is, and begin one that tells which entries are lost')
    .requiredOption('--last <file>', 'newer checkpoints, kept elsewhere: a checkpoint file, or one signed note', asPath)
    .action(({ last }: { last: string }) => withRuntime((runtime) => restoreShard(runtime, last)));
}

async function closeShard({ auditLog }: Runtime): Promise<void> {
  const { number, closed, first } = await auditLog.shards.close();
  print(`Shard ${number} is closed: ${count(closed.size)} entries, root ${closed.root.toString('hex')}.`);
  print(`Shard ${number + 1} begins with entry ${count(first)}, which names it.`);
}

async function dropShard({ auditLog }: Runtime, number: number, directory: string, yes: boolean): Promise<number> {
  const progress = new Progress('Verifying the export');
  const exported = await verifyDirectory(directory, {
    policy: await auditLog.shards.policy(),
    onProgress: (done, total) => progress.update(done, total),
  });
  progress.finish();
  if (!yes) {
    const { first, size } = await auditLog.shards.droppable(number, exported);
    print(
      `Entries ${count(first)} to ${count(first + size - 1)} would go from the database; ${directory} has them, verified.`,
    );
    print('Their checkpoint stays. Nothing was dropped: say --yes.');
    return exitCodes.failure;
  }
  const { shard, rows } = await auditLog.shards.drop(number, exported);
  print(`Entries ${count(shard.first)} to ${count(shard.first + shard.size - 1)} are in ${directory} only; keep it.`);
  print(`What they say last of ${count(rows)} rows is kept, so that audit verify --rows still knows.`);
  return exitCodes.ok;
}

async function restoreShard({ auditLog }: Runtime, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ExitError(`${file} cannot be read (${error.code}).`);
  });
  const { number, closed, first, lost } = await auditLog.shards.restore([text, ...notesInFile(text)]);
  print(`Shard ${number} is closed as it came out of the backup: ${count(closed.size)} entries.`);
  for (const { origin, from, size } of lost) {
    const base = origin === closed.origin ? first - closed.size : 0;
    print(`Lost: ${count(size - from)} entries, ${count(base + from)} to ${count(base + size - 1)} of ${origin}.`);
  }
  print(`Shard ${number + 1} begins with entry ${count(first)}, which says so.`);
}
