import { existsSync } from 'node:fs';
import programs from './programs.json';

/**
 * Settings under which a process sees another time, such as `-2h`; timers go on as ever. Throws, saying what to install, when
 * there is no libfaketime.
 */
export function atAnotherTime(shift: string): Record<string, string> {
  const library = programs.faketime.files.find((path) => existsSync(path));
  if (library === undefined) throw new Error('No libfaketime for the test of a clock set back: install faketime (Debian, Ubuntu), or run npm test as root.'); // prettier-ignore
  return { LD_PRELOAD: library, FAKETIME: shift, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}
