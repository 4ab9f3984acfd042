import { existsSync } from 'node:fs';

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib64/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
];

/**
 * Settings under which a process sees another time, such as `-2h`; timers go on as ever. Throws, saying what to install, when
 * there is no libfaketime.
 */
export function atAnotherTime(shift: string): Record<string, string> {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (library === undefined) throw new Error('No libfaketime for the test of a clock set back: install faketime (Debian, Ubuntu), or run .ci/run as root.'); // prettier-ignore
  return { LD_PRELOAD: library, FAKETIME: shift, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}
