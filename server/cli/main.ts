import 'reflect-metadata';
import { Command } from 'commander';
import { exitCodes } from '../platform/exit';
import { reportAndExit } from '../platform/report';
import { register as registerAdmin } from './admin';
import { register as registerAudit } from './audit';
import { register as registerCertificate } from './audit-certificate';
import { register as registerShards } from './audit-shards';
import { register as registerDemo } from './demo';
import { register as registerDemographics } from './demographics';
import { register as registerImport } from './import-fhir';
import { register as registerKeys } from './keys';
import { register as registerKeyCustody } from './keys-custody';
import { register as registerKeyStore } from './keys-store';
import { register as registerSchema } from './schema';
import { register as registerWitness } from './witness';

/** The command line, `npm run -s chartseal -- COMMAND`; docs/operations/commands.md lists commands and exit codes. */
export function createProgram(): Command {
  const program = new Command('chartseal')
    .description('Commands for a Chartseal installation. They find it by the same settings as the server (.env).')
    .showHelpAfterError('(add --help for usage)')
    .addHelpText('after', `\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong settings, 4 no database.`);
  const registrations = [
    registerAdmin,
    registerDemo,
    registerImport,
    registerAudit,
    registerCertificate,
    registerShards,
    registerKeys,
    registerKeyCustody,
    registerKeyStore,
    registerSchema,
    registerWitness,
    registerDemographics,
  ];
  for (const register of registrations) register(program);
  useExitCode(program, exitCodes.usage);
  return program;
}

/** Commander ends with 1 on a usage error; here 1 means that the work itself failed. */
function useExitCode(command: Command, code: number): void {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : code));
  for (const sub of command.commands) useExitCode(sub, code);
}

/** Runs the command that the arguments name; ends the process when it fails. */
export async function run(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    reportAndExit(error);
  }
}

if (require.main === module) void run();
