import type { Command } from 'commander';
import { runIn } from '../crypto/access-scope';
import { systemContext } from '../graphql/context';
import { exitCodes } from '../platform/exit';
import { group } from './group';
import { Progress } from './progress';
import { print, withRuntime } from './with-runtime';

export function register(program: Command): void {
  group(program, 'demographics', 'Counts of patients by age and gender')
    .command('recount')
    .description('Count all records anew and compare with the kept counts (exit code 1 when they differ)')
    .option('--fix', 'correct what differs')
    .action(({ fix = false }: { fix?: boolean }) =>
      withRuntime(async ({ services }) => {
        const progress = new Progress('Counting patients');
        const wrong = await runIn(systemContext('demographics recount'), () =>
          services.demographics.recount(fix, (done) => progress.update(done)),
        );
        progress.finish();
        for (const { stored, counted } of wrong) print(`A count was kept as ${stored}, the records say ${counted}.`);
        if (wrong.length === 0) print('The kept counts are right.');
        else
          print(fix ? `${wrong.length} counts corrected.` : `${wrong.length} counts are wrong; --fix corrects them.`);
        return wrong.length > 0 && !fix ? exitCodes.failure : exitCodes.ok;
      }),
    );
}
