/** Finds SoftHSM, the HSM in software that the tests keep root keys in; installs it where we may. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** Path of SoftHSM's PKCS#11 module: SOFTHSM2_MODULE, the system's, or that of a freshly installed Debian package. */
export function demandHsm() {
  const found = findHsm() ?? (installed() ? findHsm() : null);
  if (found !== null) return found;
  console.error(
    'No SoftHSM for the tests of HSM custody: install softhsm2 (Debian, Ubuntu) or softhsm (Fedora, Homebrew).',
  );
  process.exit(1);
}

function findHsm() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, 'softhsm2-util')))) return null;
  return [process.env.SOFTHSM2_MODULE ?? '', ...MODULES].find((path) => path !== '' && existsSync(path)) ?? null;
}

/** Debian, and root: the package manager brings it. */
function installed() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.error('Installing SoftHSM for the tests of HSM custody (apt-get)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0;
  return aptGet('update', '-q') && aptGet('install', '-y', '-q', '--no-install-recommends', 'softhsm2');
}
