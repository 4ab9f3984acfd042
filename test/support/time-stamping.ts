import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFIG = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[middle]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[lax]
extendedKeyUsage = timeStamping
[broad]
extendedKeyUsage = critical, timeStamping, serverAuth
[stamping]
serial = ./serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
ess_cert_id_alg = sha256
ess_cert_id_chain = no
`;

/** A time-stamping authority of OpenSSL's, in a folder of its own: a root, an authority below it, and who signs. */
export class LocalAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'chartseal-tsa-'));
  private server: Server | null = null;
  /** What the next answers are made of instead: by which signer, or for which request. */
  signer = 'tsa';
  swap: ((request: Buffer) => Buffer) | null = null;
  status = 200;
  asked = 0;

  constructor() {
    writeFileSync(join(this.folder, 'openssl.cnf'), CONFIG);
    writeFileSync(join(this.folder, 'serial'), '01\n');
    this.issue('root', 'ca', null);
    this.issue('middle', 'middle', 'root');
    for (const kind of ['tsa', 'lax', 'broad']) this.issue(kind, kind, 'middle');
    this.issue('ended', 'tsa', 'middle', ['-not_before', '20200101000000Z', '-not_after', '20200102000000Z']);
    this.issue('below', 'tsa', 'tsa'); // by somebody who is no authority
    this.issue('rsa', 'tsa', 'middle', [], 'rsa');
  }

  get caFile(): string {
    return join(this.folder, 'root.pem');
  }

  /** Answers as `openssl ts -reply` does. */
  reply(request: Buffer, signer = this.signer): Buffer {
    writeFileSync(join(this.folder, 'request.tsq'), request);
    writeFileSync(join(this.folder, 'chain.pem'), readFileSync(join(this.folder, 'middle.pem')));
    this.openssl('ts', '-reply', '-config', 'openssl.cnf', '-section', 'stamping', '-queryfile', 'request.tsq', '-signer', `${signer}.pem`, '-inkey', `${signer}.key`, '-chain', 'chain.pem', '-out', 'reply.tsr'); // prettier-ignore
    return readFileSync(join(this.folder, 'reply.tsr'));
  }

  /** What OpenSSL itself says of a token. */
  accepts(token: Buffer, data: Buffer, caFile = this.caFile): boolean {
    writeFileSync(join(this.folder, 'token.tst'), token);
    writeFileSync(join(this.folder, 'data'), data);
    try {
      this.openssl('ts', '-verify', '-token_in', '-in', 'token.tst', '-data', 'data', '-CAfile', caFile);
      return true;
    } catch {
      return false;
    }
  }

  /** The token's word signed anew by another, who may have no right to it. */
  signedBy(signer: string, token: Buffer): Buffer {
    writeFileSync(join(this.folder, 'token.tst'), token);
    this.openssl('cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'token.tst', '-out', 'info');
    this.openssl('cms', '-sign', '-cades', '-binary', '-nodetach', '-econtent_type', 'id-smime-ct-TSTInfo', '-in', 'info', '-signer', `${signer}.pem`, '-inkey', `${signer}.key`, '-certfile', 'middle.pem', '-outform', 'DER', '-out', 'signed'); // prettier-ignore
    return readFileSync(join(this.folder, 'signed'));
  }

  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.asked += 1;
        const body = Buffer.concat(chunks);
        const ours = request.headers['content-type'] === 'application/timestamp-query' && this.status === 200;
        const answer = ours ? this.reply(this.swap?.(body) ?? body) : Buffer.alloc(0);
        response.writeHead(this.status, { 'content-type': 'application/timestamp-reply' }).end(answer);
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(null)));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private issue(name: string, extensions: string, issuer: string | null, dates: string[] = [], key = 'ec'): void {
    const made = key === 'rsa' ? ['-algorithm', 'RSA'] : ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    this.openssl('genpkey', ...made, '-out', `${name}.key`);
    this.openssl(
      'req',
      '-new',
      '-config',
      'openssl.cnf',
      '-key',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.csr`,
    );
    const signedBy = issuer ? ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'] : ['-signkey', `${name}.key`]; // prettier-ignore
    const days = dates.length > 0 ? [] : ['-days', '30'];
    if (dates.length > 0) return this.issuePast(name, extensions, dates);
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...signedBy, ...days, '-extfile', 'openssl.cnf', '-extensions', extensions, '-out', `${name}.pem`); // prettier-ignore
  }

  /** `openssl x509` of 3.0 cannot set dates; `openssl ca` can. */
  private issuePast(name: string, extensions: string, [, from, , to]: string[]): void {
    writeFileSync(join(this.folder, 'index.txt'), '');
    writeFileSync(join(this.folder, 'ca.cnf'), `${CONFIG}\n[signing]\ndatabase = index.txt\nserial = serial.ca\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n[ca_default]\n`); // prettier-ignore
    writeFileSync(join(this.folder, 'serial.ca'), '77\n');
    this.openssl('ca', '-batch', '-config', 'ca.cnf', '-name', 'signing', '-in', `${name}.csr`, '-cert', 'middle.pem', '-keyfile', 'middle.key', '-startdate', from!, '-enddate', to!, '-extensions', extensions, '-out', `${name}.pem`, '-notext'); // prettier-ignore
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}
