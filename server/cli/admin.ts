import type { Command } from 'commander';
import { publicUrlOf } from '../config/config';
import { inviteFirstAdmin } from '../identity';
import { group } from './group';
import { print, tell, withRuntime } from './with-runtime';

export function register(program: Command): void {
  group(program, 'admin', 'Administrator accounts')
    .command('create')
    .description('Print a one-time link that sets up an administrator account (good for 24 hours, shown once)')
    .action(() =>
      withRuntime(async (runtime, config) => {
        const link = await inviteFirstAdmin(runtime, publicUrlOf(config));
        tell('Open this link once, within 24 hours, to choose e-mail, name and password of the administrator:');
        print(link);
      }),
    );
}
