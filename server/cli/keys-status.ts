import { describeRootKey } from '../config/root-key';
import { jobActions } from '../keys';
import { exitCodes } from '../platform/exit';
import type { Runtime } from '../runtime';
import { count, Progress } from './progress';
import { table } from './table';
import { print } from './with-runtime';

const minute = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');

/** Prints custody, epochs, data keys, the last job and every sealed column; exit code 1 when a value has no key. */
export async function showKeys({ config, services }: Runtime): Promise<number> {
  const { keys } = services;
  print(`Root key: ${describeRootKey(config.rootKey)}`);
  print('');
  const epochs = await keys.epochs();
  show(
    ['Epoch', 'Since', 'Data keys', ''],
    epochs.map(({ epoch, createdAt, dataKeys, current }) => [
      String(epoch),
      minute(createdAt),
      count(dataKeys),
      current ? 'current' : '',
    ]),
  );
  const { inUse, retired, due, oldest } = await keys.dataKeyCounts();
  print('');
  print(`Data keys: ${count(inUse)} in use, ${count(retired)} replaced, ${count(due)} due to be replaced`);
  if (oldest) print(`Oldest in use: ${minute(oldest)}`);
  const job = await keys.job();
  if (job) {
    const state = job.error ? `${job.state.toLowerCase()}: ${job.error}` : job.state.toLowerCase();
    print(
      `Last job: ${jobActions[job.kind]}, ${minute(job.startedAt)}, ${count(job.done)} of ${count(job.total)}, ${state}`,
    );
  }
  const progress = new Progress('Counting sealed values');
  const columns = await keys.count((done, total) => progress.update(done, total));
  progress.finish();
  print('');
  show(
    ['Sealed column', 'Values', 'Without key', 'Under replaced keys'],
    columns.map(({ table: name, column, envelopes, withoutKey, underRetiredKeys }) => [
      `${name}.${column}`,
      count(envelopes),
      count(withoutKey),
      count(underRetiredKeys),
    ]),
  );
  return columns.some(({ withoutKey }) => withoutKey > 0) ? exitCodes.failure : exitCodes.ok;
}

function show(head: string[], rows: string[][]): void {
  for (const line of table(head, rows)) print(line);
}
