import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig, type Config } from './config';

/** The settings of this process: its environment, and `.env` beside package.json for what the environment leaves out. */
export function processConfig(): Config {
  if (process.env.NODE_ENV !== 'test' && existsSync('.env')) process.loadEnvFile('.env');
  return readConfig(process.env);
}

/** A path as its caller meant it: npm runs scripts in the package's folder and leaves the caller's in INIT_CWD. */
export function fromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path);
}
