import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, Server, type SecureContext, type TlsOptions } from 'node:tls';
import { pairFaults, type TlsFiles } from './config/config';
import type { Logger } from './platform/logger';

/** How often the files are looked at, in milliseconds. */
const LOOK_MS = 1000;

/**
 * What TLS 1.2 may use: forward secrecy and authenticated encryption only, of those Mozilla calls intermediate (RFC 9325,
 * 4.2); TLS 1.3 has nothing else.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * The certificate this server speaks TLS with. Certificates are renewed every few weeks by programs that replace the files,
 * so the files are watched: new connections get the new one, open ones keep theirs, and a faulty pair changes nothing.
 */
export class OwnCertificate {
  private context: SecureContext;

  /** The files have been checked with the other settings; throws when they became unreadable since. */
  constructor(
    private readonly files: TlsFiles,
    private readonly logger: Logger,
  ) {
    this.context = createSecureContext(this.read());
  }

  /** What a server is made with. */
  get options(): TlsOptions {
    return { ...this.read(), SNICallback: (_name, done) => done(null, this.context) };
  }

  /** Keeps the server at the newest pair; answers what ends that. */
  watch(server: unknown): () => Promise<void> {
    const paths = [this.files.certFile, this.files.keyFile];
    const renew = () => this.renew(server);
    for (const path of paths) watchFile(path, { interval: LOOK_MS, persistent: false }, renew);
    return async () => paths.forEach((path) => unwatchFile(path, renew));
  }

  /** Of a pair replaced file by file, the first look finds halves that do not match; the next finds the whole. */
  private renew(server: unknown): void {
    try {
      const { cert, key } = this.read();
      const faults = pairFaults(cert, key, new Date());
      if (faults.length > 0) return this.logger.warn({ faults }, 'the changed TLS certificate is not used');
      this.context = createSecureContext(this.read());
      if (server instanceof Server) server.setSecureContext(this.read());
      this.logger.info('the TLS certificate was renewed');
    } catch (error) {
      this.logger.warn({ err: error }, 'the changed TLS certificate cannot be read');
    }
  }

  private read() {
    const { certFile, keyFile } = this.files;
    const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
    return { cert, key, minVersion: 'TLSv1.2' as const, ciphers: CIPHERS };
  }
}
