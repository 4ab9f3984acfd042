/** Finds the Chromium that the browser journeys drive; installs one where we may. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of a Chromium: CHROME_PATH, the system's, Playwright's own, or a freshly installed Debian package. */
export async function demandBrowser() {
  const found = (await findBrowser()) ?? (installed() ? await findBrowser() : null);
  if (found !== null) return found;
  console.error('No Chromium for the browser tests: install Chrome or Chromium, or set CHROME_PATH to one.');
  process.exit(1);
}

async function findBrowser() {
  const own = process.env.CHROME_PATH;
  if (own) return isProgram(own) ? own : null;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const system = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...system, ...PLACES, await playwrights()].find(isProgram) ?? null;
}

async function playwrights() {
  const { chromium } = await import('playwright-core');
  return chromium.executablePath();
}

function isProgram(path) {
  if (!path || !existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian, and root: the package manager brings one. */
function installed() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.error('Installing Chromium for the browser tests (apt-get)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0;
  return aptGet('update', '-q') && aptGet('install', '-y', '-q', '--no-install-recommends', 'chromium');
}
