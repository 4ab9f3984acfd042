import type { Command } from 'commander';
import type { AuditLog } from '../audit';
import { exitCodes } from '../platform/exit';
import { group } from './group';
import { count, Progress } from './progress';
import { print, withRuntime } from './with-runtime';

export function register(program: Command): void {
  group(program, 'audit', 'The audit log')
    .command('verify')
    .description('Recompute the whole log and compare (exit code 1 unless it verifies)')
    .option('--rows', 'also compare every audited row with what the log says was last written')
    .action(({ rows = false }: { rows?: boolean }) =>
      withRuntime(async ({ auditLog }) => {
        const intact = await entriesAreIntact(auditLog);
        const truthful = rows ? await rowsAreTruthful(auditLog) : true;
        return intact && truthful ? exitCodes.ok : exitCodes.failure;
      }),
    );
}

async function entriesAreIntact(auditLog: AuditLog): Promise<boolean> {
  const progress = new Progress('Verifying entries');
  const { word, size, at, root, finding } = await auditLog.verifyAll((done, total) => progress.update(done, total));
  progress.finish();
  if (word === 'OK') print(`OK: ${count(size)} entries verified, root ${root.toString('hex')}`);
  else print(`${word}${at === null ? '' : ` at entry ${count(at)}`}: ${finding ?? 'no further finding'}`);
  return word === 'OK';
}

async function rowsAreTruthful(auditLog: AuditLog): Promise<boolean> {
  const progress = new Progress('Comparing rows');
  const findings = await auditLog.verifyRows((done) => progress.update(done));
  progress.finish();
  for (const { table, rowId, fault, lastTrue } of findings) {
    print(`${table} ${rowId}: ${ROW_FAULTS[fault]}${lastTrue === null ? '' : `; last true at ${lastTrue}`}`);
  }
  print(
    findings.length === 0
      ? 'OK: every row is what the log says.'
      : `${findings.length} rows are not what the log says.`,
  );
  return findings.length === 0;
}

const ROW_FAULTS = {
  changed: 'changed behind the application',
  missing: 'deleted behind the application',
  unknown: 'the log does not know this row',
};
