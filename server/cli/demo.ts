import { InvalidArgumentError, type Command } from 'commander';
import { addDemoPatients } from '../interop';
import { Progress } from './progress';
import { table } from './table';
import { print, withRuntime } from './with-runtime';

const MOST = 1_000_000;

export function register(program: Command): void {
  program
    .command('demo')
    .description('Add made-up patients, and the demo accounts when they are missing')
    .option('--patients <number>', 'how many patients to add', patientCount, 60)
    .action(({ patients }: { patients: number }) =>
      withRuntime(async (runtime) => {
        const progress = new Progress('Adding patients');
        const accounts = await addDemoPatients(runtime, patients, (done, total) => progress.update(done, total));
        progress.finish();
        print(`${patients} made-up patients added.`);
        if (accounts.length === 0) return;
        print('');
        const rows = accounts.map(({ role, email, password }) => [role, email, password]);
        for (const line of table(['Role', 'E-mail', 'Password'], rows)) print(line);
      }),
    );
}

function patientCount(text: string): number {
  const figure = Number(text);
  if (!Number.isInteger(figure) || figure < 1 || figure > MOST)
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST}.`);
  return figure;
}
