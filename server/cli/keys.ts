import type { Command } from 'commander';
import { describeRootKey } from '../config/root-key';
import { reportColumns, reportEpochs } from '../database/key-report';
import { exitCodes } from '../platform/exit';
import { group } from './group';
import { count, Progress } from './progress';
import { table } from './table';
import { print, withRuntime } from './with-runtime';

export function register(program: Command): void {
  group(program, 'keys', 'Keys that seal the records')
    .command('status')
    .description('Show custody, key epochs and what they protect (exit code 1 when a sealed value has no key)')
    .action(() =>
      withRuntime(async ({ dataSource }, { rootKey }) => {
        print(`Root key: ${describeRootKey(rootKey)}`);
        const epochs = await reportEpochs(dataSource);
        const newest = epochs.at(-1)?.epoch;
        print('');
        for (const line of table(
          ['Epoch', 'Since', 'Data keys', ''],
          epochs.map(({ epoch, createdAt, dataKeys }) => [
            String(epoch),
            createdAt.toISOString().slice(0, 16).replace('T', ' '),
            count(dataKeys),
            epoch === newest ? 'current' : '',
          ]),
        )) {
          print(line);
        }
        const progress = new Progress('Counting sealed columns');
        const columns = await reportColumns(dataSource, (done, total) => progress.update(done, total));
        progress.finish();
        print('');
        for (const line of table(
          ['Sealed column', 'Values', 'Without key'],
          columns.map(({ column, envelopes, withoutKey }) => [column, count(envelopes), count(withoutKey)]),
        )) {
          print(line);
        }
        return columns.some(({ withoutKey }) => withoutKey > 0) ? exitCodes.failure : exitCodes.ok;
      }),
    );
}
