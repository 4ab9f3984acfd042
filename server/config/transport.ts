import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Fault } from './secrets';

/** Files of the server's own TLS certificate (with its chain) and private key, both PEM. */
export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

/** Proxies to be believed: how many stand in front, or which addresses (single, subnets, `loopback`) are theirs. */
export type TrustedProxies = number | readonly string[];

interface TlsGiven {
  TLS_CERT_FILE?: string | undefined;
  TLS_KEY_FILE?: string | undefined;
}

type Given = Readonly<Record<string, string | undefined>>;

/** Null: the server speaks HTTP. To be asked only of settings without faults. */
export function tlsFiles({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }: TlsGiven): TlsFiles | null {
  return cert && key ? { certFile: resolve(cert), keyFile: resolve(key) } : null;
}

/** What is wrong with the certificate and its key: half given, unreadable, of different pairs, out of date. */
export function tlsFaults(given: Given): Fault[] {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, PUBLIC_URL: url } = given;
  if (!cert && !key) return [];
  if (!cert) return [{ name: 'TLS_CERT_FILE', message: 'goes with TLS_KEY_FILE' }];
  if (!key) return [{ name: 'TLS_KEY_FILE', message: 'goes with TLS_CERT_FILE' }];
  const faults = pairFaults(readOr(cert), readOr(key), new Date());
  if (url?.startsWith('http:')) faults.push({ name: 'PUBLIC_URL', message: 'must be https with a TLS_CERT_FILE' });
  return faults;
}

/** The same of what stands in the files; null for a file that cannot be read. */
export function pairFaults(cert: string | null, key: string | null, now: Date): Fault[] {
  const [certificate, privateKey] = [
    parsed(cert, (pem) => new X509Certificate(pem)),
    parsed(key, (pem) => createPrivateKey(pem)),
  ];
  const faults: Fault[] = [];
  const fault = (name: string, message: string) => void faults.push({ name, message });
  if (cert === null) fault('TLS_CERT_FILE', 'names a file that cannot be read');
  else if (!certificate) fault('TLS_CERT_FILE', 'holds no certificate (PEM)');
  else if (new Date(certificate.validTo) <= now) fault('TLS_CERT_FILE', `expired on ${certificate.validTo}`);
  else if (new Date(certificate.validFrom) > now)
    fault('TLS_CERT_FILE', `is not valid before ${certificate.validFrom}`);
  if (key === null) fault('TLS_KEY_FILE', 'names a file that cannot be read');
  else if (!privateKey) fault('TLS_KEY_FILE', 'holds no private key (PEM, without a passphrase)');
  else if (certificate && !certificate.checkPrivateKey(privateKey)) {
    fault('TLS_KEY_FILE', 'is not the key of the certificate in TLS_CERT_FILE');
  }
  return faults;
}

/** An origin in the sense of RFC 6454: scheme, host and port, and nothing after them. */
export const origin = z.string().transform((text, context: z.core.$RefinementCtx<string>) => {
  const found = originIn(text);
  if (found) return found;
  context.issues.push({ code: 'custom', message: 'must be an origin such as https://records.example.org', input: '' });
  return z.NEVER;
});

/** Origins apart by commas, each exact: no `*`, no `null`, and plain HTTP only on this very machine, to try things out. */
export const foreignOrigins = z.string().transform((text, context: z.core.$RefinementCtx<string>) => {
  const origins = text.split(',').map((part) => originIn(part.trim()));
  const good = origins.filter((one) => one !== null && isSafe(one)) as string[];
  if (good.length === origins.length) return new Set(good);
  const message = 'must be exact https origins apart by commas, such as https://charts.example.org';
  context.issues.push({ code: 'custom', message, input: '' });
  return z.NEVER;
});

const MOST_PROXIES = 10;

/** Either a number, or addresses and subnets apart by commas. */
export const trustedProxies = z.string().transform((text, context: z.core.$RefinementCtx<string>): TrustedProxies => {
  if (/^\d{1,2}$/.test(text) && Number(text) <= MOST_PROXIES) return Number(text);
  const places = text.split(',').map((part) => part.trim());
  if (places.every(isPlace)) return places;
  const message = `must be a whole number from 0 to ${MOST_PROXIES}, or addresses such as 10.0.0.5, 10.1.0.0/16, loopback`;
  context.issues.push({ code: 'custom', message, input: '' });
  return z.NEVER;
});

function originIn(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.host.includes('*')) return null;
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare ? url.origin : null;
}

function isSafe(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function isPlace(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

function readOr(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function parsed<T>(pem: string | null, read: (pem: string) => T): T | null {
  try {
    return pem === null ? null : read(pem);
  } catch {
    return null;
  }
}
