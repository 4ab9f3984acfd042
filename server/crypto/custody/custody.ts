import { createSecretKey, type KeyObject } from 'node:crypto';
import { WrongRootKeyError } from '../errors';
import { KEY_BYTES, unwrapBytes, wrapBytes } from '../wrap';

/**
 * Holds the root key and never hands it out. Asked at start and at rotation only, so it may be slow (an HSM, a remote
 * service). `context` is authenticated: what was wrapped for one purpose does not unwrap for another.
 */
export interface KeyCustody {
  /** Kind of custody in words, for the start-up report. */
  readonly kind: string;
  wrap(key: Buffer, context: string): Promise<Buffer>;
  /** Throws WrongRootKeyError when this root key did not wrap it for this context. */
  unwrap(wrapped: Buffer, context: string): Promise<Buffer>;
}

/** Custody of a root key that this process holds in memory. */
export class LocalCustody implements KeyCustody {
  private readonly root: KeyObject;

  /** @param root 32 bytes; wiped after they were taken over */
  constructor(
    readonly kind: string,
    root: Buffer,
  ) {
    if (root.length !== KEY_BYTES) throw new WrongRootKeyError('The root key must be 32 bytes.');
    this.root = createSecretKey(root);
    root.fill(0);
  }

  async wrap(key: Buffer, context: string): Promise<Buffer> {
    return wrapBytes(key, this.root, Buffer.from(context));
  }

  async unwrap(wrapped: Buffer, context: string): Promise<Buffer> {
    try {
      return unwrapBytes(wrapped, this.root, Buffer.from(context));
    } catch {
      throw new WrongRootKeyError(`This root key (${this.kind}) is not the one the database was sealed under.`);
    }
  }
}
