import { readFileSync } from 'node:fs';

/** One fault of the settings, named by its variable; the message never repeats the value. */
export interface Fault {
  name: string;
  message: string;
}

/**
 * Reads secrets that may be given as `NAME` or, as container secrets are, as a file named by `NAME_FILE`.
 * `filesAsSuch` are secrets whose file is opened by somebody else; of those only a double setting is a fault.
 * Faults are collected, not thrown, so that they are reported together with those of the other settings.
 */
export function readSecrets(
  environment: Record<string, string | undefined>,
  names: readonly string[],
  filesAsSuch: readonly string[] = [],
): { values: Record<string, string>; faults: Fault[] } {
  const values: Record<string, string> = {};
  const faults: Fault[] = [];
  for (const name of [...names, ...filesAsSuch]) {
    const path = environment[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (environment[name]?.trim()) {
      faults.push({ name, message: `cannot be set together with ${name}_FILE` });
      continue;
    }
    if (filesAsSuch.includes(name)) continue;
    try {
      const text = readFileSync(path, 'utf8').trim();
      if (text === '') faults.push({ name: `${name}_FILE`, message: 'names an empty file' });
      else values[name] = text;
    } catch {
      faults.push({ name: `${name}_FILE`, message: `names a file that cannot be read: ${path}` });
    }
  }
  return { values, faults };
}
