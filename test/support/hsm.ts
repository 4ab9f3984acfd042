import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { probe } from './probe';
import programs from './programs.json';

const run = promisify(execFile);

/** An HSM of a test's own: SoftHSM over a folder, used by child processes only, since it is found by their environment. */
export interface Hsm {
  /** Settings of a server or command whose root key is in the token, and where SoftHSM finds the token. */
  readonly settings: Record<string, string>;
  readonly module: string;
  readonly pin: string;
  readonly pinFile: string;
  /** Sets up one more token. */
  token(label: string): Promise<void>;
  /** Pulls the plug: the tokens are gone, also for processes that use them. */
  unplug(): void;
  /** Puts them back. */
  plug(): void;
  /** Says what tokens can do from now on: names of mechanisms, or ALL. */
  mechanisms(list: string): void;
  /** Runs a script in a process of its own, with `ck` (pkcs11js) and `hsm` (module, token, label, pin, tokens). */
  probe(script: string): Promise<unknown>;
  remove(): void;
}

/** Path of SoftHSM's module. Throws, saying what to install, when there is none. */
function hsmModule(): string {
  const found = [process.env.SOFTHSM2_MODULE ?? '', ...programs.softhsm.files].find(
    (path) => path !== '' && existsSync(path),
  );
  if (found !== undefined) return found;
  throw new Error(
    'No SoftHSM for the tests of HSM custody: install softhsm2 (Debian, Ubuntu), or run npm test as root.',
  );
}

const shift = (from: string, to: string): void =>
  readdirSync(from).forEach((name) => renameSync(join(from, name), join(to, name)));

/** A SoftHSM with one token, labelled `ward`, and no key in it. */
export async function openHsm(): Promise<Hsm> {
  const module = hsmModule();
  const folder = mkdtempSync(join(tmpdir(), 'chartseal-hsm-'));
  const [conf, tokens, pinFile, pin] = [
    join(folder, 'softhsm2.conf'),
    join(folder, 'tokens'),
    join(folder, 'pin'),
    '73915046',
  ];
  const mechanisms = (list: string): void =>
    writeFileSync(
      conf,
      `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.mechanisms = ${list}\n`,
    );
  const aside = join(folder, 'aside');
  mkdirSync(tokens);
  mkdirSync(aside);
  mechanisms('ALL');
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
  const env = { PATH: process.env.PATH, SOFTHSM2_CONF: conf };
  const token = async (label: string): Promise<void> => {
    await run('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', '90817263', '--pin', pin], {
      env,
    });
  };
  await token('ward');
  const settings = {
    SOFTHSM2_CONF: conf,
    ROOT_KEY_PKCS11_MODULE: module,
    ROOT_KEY_PKCS11_TOKEN: 'ward',
    ROOT_KEY_PKCS11_PIN_FILE: pinFile,
  };
  return {
    settings,
    module,
    pin,
    pinFile,
    token,
    unplug: () => shift(tokens, aside),
    plug: () => shift(aside, tokens),
    mechanisms,
    probe: (script) =>
      probe(
        `const ck = require('pkcs11js');
         const hsm = ${JSON.stringify({ module, token: 'ward', label: 'chartseal-root', pin, tokens })};
         ${script}`,
        env,
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
