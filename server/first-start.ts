import { Progress } from './cli/progress';
import { table } from './cli/table';
import { publicUrlOf, type Config } from './config/config';
import { hasAdmin, inviteFirstAdmin } from './identity';
import { demoIsWanted, loadDemo } from './interop';
import type { Say } from './platform/exit';
import type { Runtime } from './runtime';

export interface FirstStartOptions {
  say: Say;
  /** Cuts the loading of the demo short, between two patients; the next start goes on with it. */
  signal: AbortSignal;
}

/**
 * What a hospital needs before anybody can sign in: the demo with its accounts, or a one-time link for the first
 * administrator. Says nothing once there is one.
 */
export async function firstStart(runtime: Runtime, config: Config, how: FirstStartOptions): Promise<void> {
  const { say } = how;
  if (config.demo && (await demoIsWanted(runtime))) return offerDemo(runtime, how);
  if (await hasAdmin(runtime)) return;
  say('');
  say('No administrator yet. Open this link once, within 24 hours, to set one up:');
  say(`  ${await inviteFirstAdmin(runtime, publicUrlOf(config))}`);
}

async function offerDemo(runtime: Runtime, { say, signal }: FirstStartOptions): Promise<void> {
  const progress = new Progress('  Loading the demo hospital');
  const onProgress = (done: number, total: number) => {
    progress.update(done, total);
    signal.throwIfAborted();
  };
  const accounts = await loadDemo(runtime, { onProgress });
  progress.finish();
  say('');
  say('Demo hospital loaded. Its people are made up, its passwords exist only here:');
  say('');
  const rows = accounts.map(({ role, email, password }) => [role, email, password]);
  for (const line of table(['Role', 'E-mail', 'Password'], rows)) say(`  ${line}`);
}
