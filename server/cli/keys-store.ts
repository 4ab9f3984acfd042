import type { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import { noteAct } from '../audit';
import { processConfig } from '../config/environment';
import { runIn } from '../crypto/access-scope';
import { openCustody } from '../custody';
import { createDataSource } from '../database/data-source';
import { exportKeyStore } from '../database/key-store-export';
import { importKeyStore, type KeyStoreImport } from '../database/key-store-import';
import { migrate } from '../database/migrate';
import { migrations } from '../database/migrations';
import { openDatabase } from '../database/open';
import { systemContext } from '../graphql/context';
import { entities, subscribers } from '../registry';
import { asPath } from './arguments';
import { keysGroup } from './keys';
import { count } from './progress';
import { print, tell, withRuntime } from './with-runtime';

/** Commands that take the key store out of the database and bring it back into a restored one. */
export function register(program: Command): void {
  const keys = keysGroup(program);
  keys
    .command('export')
    .description('Write all wrapped keys, and who was erased, to a file; useless without the root key')
    .argument('<file>', 'written whole or not at all; an earlier one is replaced', asPath)
    .action((file: string) =>
      withRuntime(async ({ dataSource }) => {
        const context = systemContext('keys export');
        const rows = await runIn(context, () => exportKeyStore(dataSource, file, noting('export-keys')));
        print(`Written: ${file}, ${count(rows)} rows. Whoever restores an older database needs this and the root key.`);
      }),
    );
  keys
    .command('import')
    .description('Bring the keys of a restored database up to date; erased patients are erased in it too')
    .argument('<file>', 'what `keys export` wrote last', asPath)
    .action(async (file: string) => {
      const { dataKeys, kept, replaced, erasures } = await bringBack(file);
      print(`Brought: ${count(dataKeys)} data keys; kept: ${count(kept)} that only this database has.`);
      print(`Erasures this database did not know of: ${count(erasures)}.`);
      if (replaced > 0) print(`Re-sealed since this backup: ${count(replaced)} owners. Run keys reseal once more.`);
      await withRuntime(async () => undefined); // opening erases them, with the records' old keys still at hand
    });
}

/** Before anything of the database is opened: its own keys may be under a root key that is no more. */
async function bringBack(file: string): Promise<KeyStoreImport> {
  const config = processConfig();
  const database = await openDatabase(config, tell);
  const { poolSize, rootKey } = config;
  // Replacing tables whole is the owner's right; the application's role may only add to what was destroyed.
  const dataSource = createDataSource({ url: database.urls.owner, poolSize, entities, subscribers, migrations });
  try {
    await migrate(database.urls.owner, migrations);
    await dataSource.initialize();
    const custody = await openCustody(rootKey, false, tell);
    const context = systemContext('keys import');
    return await runIn(context, () => importKeyStore(dataSource, custody, file, noting('import-keys')));
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.close();
  }
}

function noting(action: string): (manager: EntityManager) => void {
  return (manager) => noteAct(manager, { action, target: { type: 'key-store', id: null } });
}
