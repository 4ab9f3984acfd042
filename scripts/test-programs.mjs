/** Finds what the tests need of the system besides Node, as listed in test/support/programs.json; installs what is missing where we may. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const wanted = Object.values(
  JSON.parse(readFileSync(new URL('../test/support/programs.json', import.meta.url), 'utf8')),
);

/** Settings that name what was found; ends this process, saying what to install, when something is missing. */
export async function demandPrograms() {
  const playwrights = await playwrightsChromium();
  let found = findAll(playwrights);
  if (found.missing.length > 0 && installed(found.missing)) found = findAll(playwrights);
  for (const { what, setting, packages } of found.missing) {
    const otherwise = setting === null ? '' : `, or set ${setting} to where it is`;
    console.error(`No ${what}: install ${packages[0]} (Debian, Ubuntu; root has it done by this command)${otherwise}.`);
  }
  if (found.missing.length > 0) process.exit(1);
  return found.settings;
}

function findAll(playwrights) {
  const [settings, missing] = [{}, []];
  for (const one of wanted) {
    const place = find(one, one.setting === 'CHROME_PATH' ? [playwrights] : []);
    if (place === undefined) missing.push(one);
    else if (one.setting !== null) settings[one.setting] = place;
  }
  return { settings, missing };
}

/** A setting that is there counts alone; else the first program of those names, else the first file. */
function find({ setting, programs, files }, further) {
  const own = setting === null ? undefined : process.env[setting];
  if (own) return existsSync(own) ? own : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = programs.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  return found ?? [...files, ...further].find((path) => existsSync(path));
}

async function playwrightsChromium() {
  const { chromium } = await import('playwright-core');
  return chromium.executablePath();
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian, and root: the package manager brings everything at once. */
function installed(missing) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const packages = [...new Set(missing.flatMap((one) => one.packages))];
  console.error(`Installing what the tests need (apt-get): ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0;
  return aptGet('update', '-q') && aptGet('install', '-y', '-q', '--no-install-recommends', ...packages);
}
