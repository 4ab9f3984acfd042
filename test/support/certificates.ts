import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Pair {
  cert: string;
  key: string;
}

/** A certificate for localhost that signs itself, made by openssl in this folder. */
export function makePair(folder: string, name: string, more: readonly string[] = ['-days', '2']): Pair {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, ...names, ...more], {
    stdio: 'pipe',
  });
  return { cert, key };
}
