import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** Options as the server sends them, as much as an authenticator looks at. */
interface Options {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
  user?: { id: string };
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_CREDENTIAL = 0x40;

/** A passkey in software (WebAuthn Level 3, 6), with everything about it open to be falsified. */
export class SoftAuthenticator {
  readonly id = randomBytes(32);
  counter = 0;
  /** Whether it says that it has verified the person. */
  verifies = true;
  /** What a browser would write. */
  origin = 'http://localhost';
  /** The host name it signs for; null: the one the server named. */
  rpId: string | null = null;
  userHandle = '';
  private readonly keys: { privateKey: KeyObject; publicKey: KeyObject };

  constructor() {
    this.keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  /** The answer to registration options. */
  create(json: string): string {
    const options = JSON.parse(json) as Options;
    this.userHandle = options.user!.id;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, this.coseKey()]);
    const authData = Buffer.concat([this.head(options.rp!.id, WITH_CREDENTIAL), credential]);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(authData.length);
    // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR (RFC 8949)
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3, 0x63]), Buffer.from('fmt'), Buffer.from([0x64]), Buffer.from('none'),
      Buffer.from([0x67]), Buffer.from('attStmt'), Buffer.from([0xa0, 0x68]), Buffer.from('authData'),
      Buffer.from([0x59]), size, authData,
    ]); // prettier-ignore
    const clientDataJSON = this.clientData('webauthn.create', options.challenge).toString('base64url');
    return this.answer({ clientDataJSON, attestationObject: attestationObject.toString('base64url') });
  }

  /** The answer to assertion options. */
  get(json: string): string {
    const options = JSON.parse(json) as Options;
    this.counter += 1;
    const authData = this.head(options.rpId!, 0);
    const clientData = this.clientData('webauthn.get', options.challenge);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    return this.answer({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', signed, this.keys.privateKey).toString('base64url'),
      userHandle: this.userHandle,
    });
  }

  private answer(response: object): string {
    const id = this.id.toString('base64url');
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }

  private clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }

  private head(rpId: string, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const all = flags | PRESENT | (this.verifies ? VERIFIED : 0);
    return Buffer.concat([createHash('sha256').update(this.rpId ?? rpId).digest(), Buffer.of(all), counter]); // prettier-ignore
  }

  /** {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} (RFC 9053). */
  private coseKey(): Buffer {
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const coordinate = (text: string | undefined) =>
      Buffer.concat([Buffer.from([0x58, 32]), Buffer.from(text!, 'base64url')]);
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]);
    return Buffer.concat([head, coordinate(x), Buffer.of(0x22), coordinate(y)]);
  }
}
