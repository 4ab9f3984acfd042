import type { Command } from 'commander';
import { group } from './group';
import { count } from './progress';
import { print, withRuntime } from './with-runtime';

export function register(program: Command): void {
  const audit = group(program, 'audit', 'The audit log');
  audit
    .command('close-shard')
    .description('Close the open shard of the log with a final checkpoint, and begin the next')
    .action(() =>
      withRuntime(async ({ auditLog }) => {
        const { number, closed, first } = await auditLog.shards.close();
        print(`Shard ${number} is closed: ${count(closed.size)} entries, root ${closed.root.toString('hex')}.`);
        print(`Shard ${number + 1} begins with entry ${count(first)}, which names it.`);
      }),
    );
}
