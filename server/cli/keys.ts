import type { Command } from 'commander';
import { runIn } from '../crypto/access-scope';
import { systemContext } from '../graphql/context';
import { jobActions, KeyWorkError, type KeyJobKind, type KeyJobRow, type KeysService } from '../keys';
import { exitCodes, ExitError } from '../platform/exit';
import { isId } from '../platform/ids';
import type { Runtime } from '../runtime';
import { group } from './group';
import { showKeys } from './keys-status';
import { count, Progress } from './progress';
import { print, withRuntime } from './with-runtime';

/** The group that every command about keys belongs to. */
export function keysGroup(program: Command): Command {
  return group(program, 'keys', 'Keys that seal the records');
}

export function register(program: Command): void {
  const keys = keysGroup(program);
  keys
    .command('status')
    .description('Show custody, keys and what they protect (exit code 1 when a sealed value has no key)')
    .action(() => withRuntime((runtime) => showKeys(runtime)));
  keys
    .command('rotate')
    .description('Make a new key epoch and wrap every data key anew; the service goes on meanwhile')
    .action(() => withRuntime((runtime) => runJob(runtime, 'ROTATE', 'Wrapping data keys anew')));
  keys
    .command('reseal')
    .description('Seal every record anew under new data keys; the service goes on meanwhile')
    .option('--patient <id>', 'only this patient')
    .action(({ patient }: { patient?: string }) => withRuntime((runtime) => reseal(runtime, patient)));
  keys
    .command('reindex')
    .description('Build the search index anew under a new key; the service goes on meanwhile')
    .action(() => withRuntime((runtime) => runJob(runtime, 'REINDEX', 'Indexing patients')));
  keys
    .command('verify')
    .description('Check every key and where it is used (exit code 1 on any finding)')
    .option('--open', 'also open every sealed value at its place')
    .action(({ open = false }: { open?: boolean }) => withRuntime((runtime) => verify(runtime, open)));
}

async function reseal(runtime: Runtime, patient: string | undefined): Promise<number> {
  if (patient !== undefined && !isId(patient)) throw new ExitError('--patient wants an id.', exitCodes.usage);
  const id = patient?.toLowerCase() ?? null;
  if (id !== null) await runtime.services.keys.demandPatientKey(id);
  return runJob(runtime, 'RESEAL', 'Sealing anew', id);
}

/** Does a job, or follows the process that does it, to its end. One of another kind that is under way comes first. */
async function runJob(
  { services }: Runtime,
  kind: KeyJobKind,
  label: string,
  detail: string | null = null,
): Promise<number> {
  const begun = await begin(services.keys, kind, detail);
  const ended = await finish(services.keys, begun.id, label);
  if (ended.state === 'FAILED') throw new ExitError(ended.error ?? 'The job failed.');
  print(await summaryOf(services, ended));
  return exitCodes.ok;
}

async function begin(keys: KeysService, kind: KeyJobKind, detail: string | null): Promise<KeyJobRow> {
  for (;;) {
    try {
      return await runIn(systemContext(`keys ${kind.toLowerCase()}`), () => keys.jobs.begin(kind, detail));
    } catch (error) {
      if (!(error instanceof KeyWorkError)) throw error;
      const other = await keys.job();
      if (other?.state === 'RUNNING') await finish(keys, other.id, `Before it: ${jobActions[other.kind]}`);
    }
  }
}

async function finish({ jobs }: KeysService, id: string, label: string): Promise<KeyJobRow> {
  const progress = new Progress(label);
  const ended = await jobs.finish(id, (done, total) => progress.update(done, total));
  progress.finish();
  return ended;
}

async function summaryOf({ keys }: Runtime['services'], { kind, done, detail }: KeyJobRow): Promise<string> {
  if (kind === 'REINDEX') return 'The search index was built anew under a new key.';
  if (kind === 'ROTATE') return `Epoch ${detail ?? ''} wraps every data key; ${count(done)} were wrapped anew.`;
  if (detail !== null) return 'Every value of this patient is under a new key.';
  const columns = await keys.count(() => undefined);
  const sum = (figure: 'envelopes' | 'underRetiredKeys') => columns.reduce((all, column) => all + column[figure], 0);
  return `${count(sum('envelopes'))} values in ${columns.length} columns counted, ${count(sum('underRetiredKeys'))} under older keys; ${count(done)} owners have a new key.`;
}

async function verify({ services }: Runtime, open: boolean): Promise<number> {
  let progress: Progress | null = null;
  let at = '';
  const faults = await services.keys.verify({
    open,
    onProgress: (what, done, total) => {
      if (what !== at) {
        progress?.finish();
        progress = new Progress((at = what));
      }
      progress?.update(done, total);
    },
  });
  for (const fault of faults) print(fault);
  print(faults.length === 0 ? 'OK: every key is right and every sealed value has one.' : `${faults.length} findings.`);
  return faults.length === 0 ? exitCodes.ok : exitCodes.failure;
}
