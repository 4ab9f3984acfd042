import type { Command } from 'commander';
import { addDemoPatients } from '../interop';
import { asWhole } from './arguments';
import { Progress } from './progress';
import { table } from './table';
import { print, withRuntime } from './with-runtime';

const MOST = 1_000_000;

export function register(program: Command): void {
  program
    .command('demo')
    .description('Add made-up patients, and the demo accounts when they are missing')
    .option('--patients <number>', 'how many patients to add', asWhole(1, MOST), 60)
    .option('--verbose', 'say at the end how fast it went and how much memory it took')
    .action(({ patients, verbose }: { patients: number; verbose?: boolean }) =>
      withRuntime(async (runtime) => {
        const begun = performance.now();
        const progress = new Progress('Adding patients');
        const accounts = await addDemoPatients(runtime, patients, (done, total) => progress.update(done, total));
        progress.finish();
        print(`${patients} made-up patients added.`);
        if (verbose) print(effort(patients, performance.now() - begun));
        if (accounts.length === 0) return;
        print('');
        const rows = accounts.map(({ role, email, password }) => [role, email, password]);
        for (const line of table(['Role', 'E-mail', 'Password'], rows)) print(line);
      }),
    );
}

/** Most memory ever resident, as the system counted it. */
function effort(patients: number, milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  return `${Math.round(seconds)} s, ${Math.round(patients / seconds)} patients a second, ${megabytes} MB of memory at most.`;
}
