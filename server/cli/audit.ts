import type { Command } from 'commander';
import { exitCodes } from '../platform/exit';
import { group } from './group';
import { count, Progress } from './progress';
import { print, withRuntime } from './with-runtime';

export function register(program: Command): void {
  group(program, 'audit', 'The audit log')
    .command('verify')
    .description('Recompute the whole log and compare (exit code 1 unless it verifies)')
    .option('--rows', 'also compare every sealed row with its newest entry')
    .action(({ rows = false }: { rows?: boolean }) =>
      withRuntime(async ({ auditLog }) => {
        const progress = new Progress('Verifying');
        const verdict = await auditLog.verifyAll((done, total) => progress.update(done, total));
        const changed = rows ? await auditLog.verifyRows() : [];
        progress.finish();
        if (verdict.word !== 'OK') print(`${verdict.word} at ${verdict.at}: ${verdict.finding}`);
        for (const { table, rowId, lastTrue } of changed) {
          print(`ROW ${table} ${rowId}: not what was last written${lastTrue ? `; last true at ${lastTrue}` : ''}`);
        }
        if (verdict.word !== 'OK' || changed.length > 0) return exitCodes.failure;
        print(`OK: verified to entry ${count(verdict.size)}.`);
        return exitCodes.ok;
      }),
    );
}
