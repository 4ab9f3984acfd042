/** What start, chartseal and test share: install when the lockfile asks for it, build what is older than its sources. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const PARTS = {
  server: {
    sources: ['server', 'verifier', 'bench', 'ormconfig.ts', 'tsconfig.json', 'tsconfig.build.json', 'package.json'],
    result: 'dist/server/main.js',
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    // tsc would take its notes for the files they describe
    before: () =>
      existsSync(join(root, 'dist/server/main.js')) || rmSync(join(root, 'dist/.tsbuildinfo'), { force: true }),
  },
  client: {
    sources: ['client', 'package.json', 'package-lock.json'],
    result: 'dist/client/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'client/vite.config.ts', '--logLevel', 'warn'],
    before: () => undefined,
  },
  verifier: {
    sources: ['verifier', 'server/ledger', 'scripts/build-verifier.mjs', 'package-lock.json'],
    result: 'dist/verifier/chartseal-verify.mjs',
    command: ['scripts/build-verifier.mjs'],
    before: () => undefined,
  },
};

/** Installs and builds what is missing; a second call finds nothing to do. Everything said goes to standard error. */
export function prepare(parts) {
  demandNode();
  process.env.INIT_CWD ??= process.cwd();
  process.chdir(root);
  if (!isInstalled()) install();
  withLock(() => parts.forEach(build));
}

/** Runs a program with its output on standard error; ends this process when it fails. */
export function demand(program, args, failure) {
  // the configuration is CommonJS like everything here; Vite warns about a default that it may change one day
  const env = { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' };
  const { status, signal, error } = spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  if (signal === null) console.error(error === undefined ? failure : `${failure} (${error.message})`);
  process.exit(1);
}

function demandNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Chartseal needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Compares what the lockfile wants with npm's own note of what it installed. */
function isInstalled() {
  const note = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' || optional || devOptional || peer || installed[path]?.version === version,
  );
}

function install() {
  console.error('Installing packages (npm ci); the first time takes a minute or two');
  demand(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    'The packages could not be installed.',
  );
}

function build(name) {
  const { sources, result, command, before } = PARTS[name];
  const stamp = join(root, `dist/.${name}.stamp`);
  const digest = digestOf(sources);
  if (existsSync(join(root, result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.error(`Building the ${name}`);
  before();
  rmSync(stamp, { force: true });
  demand(process.execPath, command, `The ${name} could not be built.`);
  writeFileSync(stamp, digest);
}

/** Contents decide, not times: a checkout or a copy changes times only. */
function digestOf(sources) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of sources.flatMap(filesBelow)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .filter((name) => name !== 'node_modules')
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** One build at a time: a command may be typed while the server starts. */
function withLock(work) {
  const lock = join(root, 'dist/.building');
  mkdirSync(join(root, 'dist'), { recursive: true });
  while (!takeLock(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  work();
  release();
  process.removeListener('exit', release);
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(existsSync(lock) ? readFileSync(lock, 'utf8') : 0);
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
