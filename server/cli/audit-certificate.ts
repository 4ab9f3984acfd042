import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { openErasure, type ErasureCertificate } from '../ledger';
import { exitCodes, ExitError } from '../platform/exit';
import { asPath } from './arguments';
import { group } from './group';
import { count } from './progress';
import { print, withRuntime } from './with-runtime';

/** Checks a certificate of erasure: here by every key the log ever had, elsewhere by a public key and without a database. */
export function register(program: Command): void {
  group(program, 'audit', 'The audit log')
    .command('certificate')
    .description('Check a certificate of erasure (exit code 1 unless it is genuine)')
    .argument('<file>', 'the certificate', asPath)
    .option('--key <pem>', 'public key of the log; then neither database nor settings are needed', asPath)
    .action(async (file: string, { key }: { key?: string }) => {
      const text = await readOrSay(file);
      if (key === undefined) return withRuntime(async ({ auditLog }) => tell(auditLog.openErasure(text)));
      process.exitCode = tell(openErasure(text, createPublicKey(await readOrSay(key))));
    });
}

function tell(certificate: ErasureCertificate | null): number {
  if (certificate) for (const line of told(certificate)) print(line);
  else print('NOT GENUINE: it was changed, or another key signed it.');
  return certificate ? exitCodes.ok : exitCodes.failure;
}

function told({ patient, erasedAt, by, keys, envelopes, ledger }: ErasureCertificate): string[] {
  const values = Object.values(envelopes).reduce((sum, some) => sum + some, 0);
  return [
    `GENUINE: patient ${patient} was erased at ${erasedAt} by ${by ?? 'the system'}.`,
    `Keys destroyed: ${keys.length}; sealed values that nothing opens any more: ${count(values)}.`,
    `Entry in the log ${ledger.origin}, request ${ledger.request}.`,
  ];
}

async function readOrSay(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ExitError(`${path} cannot be read (${error.code}).`);
  });
}
