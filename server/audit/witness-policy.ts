import { readFile } from 'node:fs/promises';
import { readPolicy, type Policy } from '../ledger';
import { ExitError, exitCodes } from '../platform/exit';

/** Reads the policy that names the witnesses; null when none is set. Throws ExitError with one clear line when it cannot be read. */
export async function openWitnessPolicy(path: string | null): Promise<Policy | null> {
  if (path === null) return null;
  try {
    return readPolicy(await readFile(path, 'utf8'));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ExitError(`WITNESS_POLICY ${path} cannot be used: ${cause}`, exitCodes.settings);
  }
}
