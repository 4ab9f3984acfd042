import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { noteAct } from '../audit';
import { DEFAULT_LABEL, describeRootKey, type RootKeySource } from '../config/root-key';
import { runIn } from '../crypto/access-scope';
import { openEscrow, sealEscrow } from '../crypto/custody/escrow';
import { readKeyFile } from '../crypto/custody/key-file';
import { parseRootKey } from '../crypto/custody/secret';
import { openCustody } from '../custody';
import { moveRootKey } from '../database/root-key-move';
import { systemContext } from '../graphql/context';
import { ExitError, exitCodes } from '../platform/exit';
import { createWholeFile } from '../platform/whole-file';
import { asPath, asPaths } from './arguments';
import { keysGroup } from './keys';
import { print, tell, withRuntime } from './with-runtime';

interface MoveOptions {
  to: string;
  module?: string;
  token?: string;
  label: string;
  pinFile?: string;
}

const IDENTITY = /^AGE-SECRET-KEY-\S+$/gm;

/** Commands about where the root key is and who could bring it back. */
export function register(program: Command): void {
  const keys = keysGroup(program);
  keys
    .command('move')
    .description('Wrap the key epochs and the derivation root under a root key elsewhere, in one transaction')
    .requiredOption('--to <place>', 'file:PATH (made when missing) or pkcs11')
    .option('--module <path>', 'pkcs11: the module, an .so file', asPath)
    .option('--token <label>', 'pkcs11: label of the token')
    .option('--label <label>', 'pkcs11: label of the key, made when missing', DEFAULT_LABEL)
    .option('--pin-file <path>', 'pkcs11: file with the user PIN', asPath)
    .action((options: MoveOptions) => move(options));
  keys
    .command('escrow')
    .description('Encrypt the root key (age) to several people so that all of them are needed to get it back')
    .requiredOption('--recipient <age1…>', 'public key of one person; give it for each', collected)
    .option('--out <path>', 'file to write; without it, standard output', asPath)
    .option('--log-key', "also the key that signs the audit log's checkpoints")
    .action((options: { recipient: string[]; out?: string; logKey?: true }) => escrow(options));
  keys
    .command('recover')
    .description('Get the root key back from an escrow, with the secret keys of everybody it was made for')
    .argument('<file>', 'what `keys escrow` wrote', asPath)
    .requiredOption('--identity-file <path>', 'file with one person’s AGE-SECRET-KEY-1…; give it for each', asPaths, [])
    .requiredOption('--out <path>', 'where to write the root key; nothing is overwritten', asPath)
    .option('--log-key <path>', 'where to write the log-signing key, if the escrow holds it', asPath)
    .action((file: string, options: { identityFile: string[]; out: string; logKey?: string }) =>
      recover(file, options),
    );
}

const collected = (value: string, before: string[] = []): string[] => [...before, value];

async function move(options: MoveOptions): Promise<void> {
  const target = await targetOf(options);
  await withRuntime(async ({ base }, { rootKey }) => {
    if (describeRootKey(rootKey) === describeRootKey(target)) {
      throw new ExitError(`The root key is there already: ${describeRootKey(target)}.`, exitCodes.usage);
    }
    const to = await openCustody(target, true, tell);
    const context = systemContext('keys move');
    const { epochs, derivationRoots, sameKey } = await runIn(context, () =>
      moveRootKey(base.dataSource, base.custody, to, (manager) =>
        noteAct(manager, { action: 'move-root-key', target: { type: 'root-key', id: null } }),
      ),
    );
    print(`Moved: ${describeRootKey(rootKey)} → ${describeRootKey(target)}.`);
    print(`Wrapped again: ${epochs} key epochs, ${derivationRoots} derivation roots.`);
    if (sameKey) print('It is the same root key in another place; who had it before still has it.');
    else print('The old root key opens only backups made before. Keep it until the last of those is gone.');
    print('\nSettings from now on, in place of all other ROOT_KEY settings, for every server:');
    for (const line of settingsFor(target, options)) print(`  ${line}`);
  });
}

async function targetOf({ to, module, token, label, pinFile }: MoveOptions): Promise<RootKeySource> {
  if (to.startsWith('file:') && to.length > 5) return { kind: 'file', path: asPath(to.slice(5)) };
  if (to !== 'pkcs11') throw new ExitError('--to must be file:PATH or pkcs11.', exitCodes.usage);
  if (!module || !token || !pinFile) {
    throw new ExitError('--to pkcs11 needs --module, --token and --pin-file.', exitCodes.usage);
  }
  const pin = (await readText(pinFile)).trim();
  return { kind: 'pkcs11', module: module, token, label, pin };
}

function settingsFor(target: RootKeySource, { pinFile = '' }: MoveOptions): string[] {
  if (target.kind === 'pkcs11') {
    return [
      `ROOT_KEY_PKCS11_MODULE=${target.module}`,
      `ROOT_KEY_PKCS11_TOKEN=${target.token}`,
      `ROOT_KEY_PKCS11_LABEL=${target.label}`,
      `ROOT_KEY_PKCS11_PIN_FILE=${pinFile}`,
    ];
  }
  return target.kind === 'file' ? [`ROOT_KEY_FILE=${target.path}`] : [];
}

async function escrow({ recipient, out, logKey }: { recipient: string[]; out?: string; logKey?: true }): Promise<void> {
  if (out !== undefined && existsSync(out)) throw exists(out);
  // with the runtime open, the root key is known to be this database's own
  await withRuntime(async ({ base }, config) => {
    const rootKey = await rawRootKey(config.rootKey);
    const logSigningKey = logKey ? await readText(config.logSigningKeyFile) : null;
    const armored = await sealEscrow({ rootKey, logSigningKey }, recipient);
    rootKey.fill(0);
    await runIn(systemContext('keys escrow'), () =>
      base.audit.record({
        action: 'escrow-root-key',
        target: { type: 'root-key', id: null },
        reason: recipient.join(' '),
      }),
    );
    if (out === undefined) return print(armored.trimEnd());
    await writeNew(out, `${armored.trimEnd()}\n`);
    tell(`Written to ${out}; ${recipient.length} people are needed to open it, each with a key of their own.`);
  });
}

async function rawRootKey(source: RootKeySource): Promise<Buffer> {
  if (source.kind === 'file') return readKeyFile(source.path);
  if (source.kind === 'value') return parseRootKey(source.hex);
  throw new ExitError(
    'The root key is in a token that never gives it out, so there is nothing to put into escrow. ' +
      "Back the token up in its maker's way: docs/operations/keys.md.",
  );
}

async function recover(
  file: string,
  { identityFile, out, logKey }: { identityFile: string[]; out: string; logKey?: string },
): Promise<void> {
  const wanted = [out, ...(logKey === undefined ? [] : [logKey])];
  for (const path of wanted) if (existsSync(path)) throw exists(path);
  const texts = await Promise.all(identityFile.map((path) => readText(path)));
  const identities = texts.map((text, at) => {
    const found = text.match(IDENTITY);
    if (!found) throw new ExitError(`${identityFile[at]} holds no secret key of age (AGE-SECRET-KEY-1…).`);
    return found;
  });
  const { rootKey, logSigningKey } = await openEscrow(await readText(file), identities.flat());
  await writeNew(out, `${rootKey.toString('hex')}\n`);
  print(`The root key is in ${out}: set ROOT_KEY_FILE to it, then run keys status.`);
  if (logKey === undefined) return;
  if (logSigningKey === null) throw new ExitError('The escrow holds no log-signing key.');
  await writeNew(logKey, logSigningKey);
  print(`The log-signing key is in ${logKey}: set LOG_SIGNING_KEY_FILE to it.`);
}

/** For its owner only, and never over something that is there. */
async function writeNew(path: string, text: string): Promise<void> {
  const made = await createWholeFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw new ExitError(`${path} cannot be written (${error.code}).`);
  });
  if (!made) throw exists(path);
}

const exists = (path: string): ExitError => new ExitError(`${path} is there already; nothing is overwritten.`);

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ExitError(`${path} cannot be read (${error.code}).`);
  });
}
