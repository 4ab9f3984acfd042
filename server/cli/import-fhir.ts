import type { Command } from 'commander';
import { importFhir } from '../interop';
import { exitCodes } from '../platform/exit';
import { asPaths } from './arguments';
import { group } from './group';
import { Progress } from './progress';
import { print, withRuntime } from './with-runtime';

export function register(program: Command): void {
  group(program, 'import', 'Take over records of other systems')
    .command('fhir')
    .description('Import HL7 FHIR R4 patients, encounters, conditions, allergies, medication requests and vital signs')
    .argument('<path...>', 'NDJSON files, Bundles (JSON), or folders of them', asPaths)
    .addHelpText(
      'after',
      '\nImporting again changes nothing: patients and visits are matched by identifier system and value.\n' +
        'What cannot be taken over is printed as file:line: reason, everything else goes on.\n' +
        'Exit codes: 0 everything was taken over, 1 something was reported, 2 wrong usage.',
    )
    .action((paths: string[]) =>
      withRuntime(async (runtime) => {
        const reading = new Progress('Reading bytes');
        const writing = new Progress('Importing patients');
        const report = await importFhir(runtime, paths, {
          onReading: (done, total) => reading.update(done, total),
          onWriting: (done, total) => {
            reading.finish();
            writing.update(done, total);
          },
        });
        reading.finish();
        writing.finish();
        for (const fault of report.faults) print(fault);
        for (const line of report.summary()) print(line);
        return report.faults.length > 0 ? exitCodes.failure : exitCodes.ok;
      }),
    );
}
