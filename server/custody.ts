import type { DataSource } from 'typeorm';
import type { RootKeySource } from './config/root-key';
import type { KeyCustody } from './crypto/custody/custody';
import { openKeyFile } from './crypto/custody/key-file';
import { openPkcs11 } from './crypto/custody/pkcs11';
import { custodyFromSecret } from './crypto/custody/secret';
import { firstKeysAlone, holdsNoKeys } from './database/key-bootstrap';
import type { Say } from './platform/exit';

/**
 * Opens the custody that the settings or a command name.
 *
 * @param create make the root key when it is missing: only where nothing is sealed under another one
 * @throws WrongRootKeyError when the key is missing or malformed, CustodyError when a token does not do its part
 */
export async function openCustody(source: RootKeySource, create: boolean, warn: Say): Promise<KeyCustody> {
  if (source.kind === 'value') return custodyFromSecret(source.hex);
  if (source.kind === 'pkcs11') return openPkcs11(source, { create, warn });
  return openKeyFile(source.path, { create, warn });
}

/**
 * Custody of this database's root key. A new one is only ever made for a database that holds no keys yet, and by one process
 * alone: a token would hold as many keys of one label as servers start at once.
 */
export function openOwnCustody(source: RootKeySource, dataSource: DataSource, warn: Say): Promise<KeyCustody> {
  return firstKeysAlone(dataSource, async () => openCustody(source, await holdsNoKeys(dataSource), warn));
}
