import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readPolicy, signatureTypes, writeVerifierKey, type VerifierKey } from '../ledger';
import { createWholeFile } from '../platform/whole-file';
import { Witness, witnessServer, WitnessState } from '../witness';
import { asPath, asRead, asWhole } from './arguments';
import { print, tell } from './with-runtime';

interface WitnessCommandOptions {
  policy: string;
  name: string;
  shards: boolean;
  host: string;
  port: number;
}

export function register(program: Command): void {
  program
    .command('witness')
    .description(
      "Sign the checkpoints of other hospitals' logs, as long as each goes on from the last; needs no database",
    )
    .argument('<folder>', 'keeps its key and what it has signed', asPath)
    .requiredOption('--policy <file>', 'names the logs: lines `log KEY`, as in an export', asPath)
    .requiredOption(
      '--name <name>',
      'name under which this witness signs, such as witness.example.org/ward',
      asRead(readName),
    )
    .option('--no-shards', 'refuse logs that the same keys begin later, such as each year')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', asWhole(0, 65_535), 4100)
    .action(witness);
}

function readName(text: string): string {
  if (/^[^\s+]+$/.test(text)) return text;
  throw new RangeError('A name of a witness has no spaces and no +.');
}

/** Runs until the process is asked to end. The folder holds the witness's key and what it has signed. */
async function witness(folder: string, { policy, name, shards, host, port }: WitnessCommandOptions): Promise<void> {
  const { logs: named } = readPolicy(await readFile(policy, 'utf8'));
  if (named.length === 0) throw new RangeError(`${policy} names no log.`);
  const logs = shards ? [...named, ...named.map(nextShards)] : named;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = await openKey(join(folder, 'witness.key'));
  const state = await WitnessState.open(join(folder, 'state.json'));
  const server = witnessServer(new Witness({ name, key, logs, state }));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const { address, port: taken } = server.address() as AddressInfo;
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${taken}`;
  const line = writeVerifierKey({ name, key: createPublicKey(key) }, signatureTypes.cosignature);
  tell(`Witness of ${named.length} keys at ${url}. The hospital writes into its policy (WITNESS_POLICY):`);
  print(`witness ${name} ${line} ${url}`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close(() => resolve()));
  });
}

/** A log is closed from time to time and goes on under a new origin that begins alike, signed by the same key. */
function nextShards({ name, key }: VerifierKey): VerifierKey {
  return { name: `${name.slice(0, name.lastIndexOf('/'))}/*`, key };
}

async function openKey(path: string) {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  await createWholeFile(path, pem);
  return createPrivateKey(await readFile(path, 'utf8'));
}
