import { inspect } from 'node:util';
import { currentScope } from './access-scope';
import type { Codec } from './codec';
import { keyIdOf, openEnvelope, sealEnvelope, type Binding } from './envelope';
import { BindingError } from './errors';
import { activeKeyring } from './keyring';

const NOT_OPENED = Symbol('not opened');

/**
 * A value the database only ever sees sealed. Fresh ones hold the value and are sealed when first stored; stored ones hold
 * the bytes and are opened when first read, so an unchanged value goes back as the very bytes it came as.
 */
export class Sealed<T> {
  readonly #codec: Codec<T>;
  #value: T | typeof NOT_OPENED;
  #bytes: Buffer | null;
  #binding: Binding | null;
  #group: string;

  private constructor(
    codec: Codec<T>,
    value: T | typeof NOT_OPENED,
    bytes: Buffer | null,
    binding: Binding | null,
    group: string,
  ) {
    this.#codec = codec;
    this.#value = value;
    this.#bytes = bytes;
    this.#binding = binding;
    this.#group = group;
  }

  /**
   * A fresh value for one place.
   *
   * @param group column group: how the ledger names it when it is opened
   */
  static of<T>(value: T, codec: Codec<T>, binding: Binding, group: string): Sealed<T> {
    return new Sealed(codec, value, null, binding, group);
  }

  /** Wraps stored bytes without opening them; `bindTo` says where they were found. */
  static stored<T>(bytes: Buffer, codec: Codec<T>): Sealed<T> {
    return new Sealed<T>(codec, NOT_OPENED, bytes, null, '');
  }

  /** Says where this value stands. Harmless when repeated; throws BindingError for another place. */
  bindTo(binding: Binding, group: string): this {
    const known = this.#binding;
    if (!known) {
      this.#binding = binding;
      this.#group = group;
    } else if (
      known.row !== binding.row ||
      known.column !== binding.column ||
      known.owner !== binding.owner ||
      known.table !== binding.table
    ) {
      throw new BindingError(`A sealed value of ${known.table}.${known.column} cannot stand in a second place.`);
    }
    return this;
  }

  /**
   * The value, noted in the access scope as opened.
   *
   * @throws OutsideScopeError without a scope, KeyUnavailableError when its key is not held (erased, or no `hold` before),
   * IntegrityError when the bytes were not sealed for this place, BindingError before `bindTo`
   */
  open(): T {
    const scope = currentScope();
    const binding = this.#place();
    if (this.#value === NOT_OPENED) {
      const bytes = this.#bytes as Buffer;
      this.#value = this.#codec.decode(openEnvelope(bytes, activeKeyring().keyFor(keyIdOf(bytes)), binding));
    }
    scope.note(binding.owner, this.#group);
    return this.#value;
  }

  /**
   * The envelope to store: the kept one, or for a fresh value one made now, once, under the owner's current key.
   *
   * @throws KeyUnavailableError when the owner's key is not held
   */
  bytes(): Buffer {
    if (!this.#bytes) {
      const binding = this.#place();
      const { id, key } = activeKeyring().currentFor(binding.owner);
      this.#bytes = sealEnvelope(this.#codec.encode(this.#value as T), key, id, binding);
    }
    return this.#bytes;
  }

  /** True until there is an envelope. */
  get fresh(): boolean {
    return this.#bytes === null;
  }

  toString(): string {
    return '[sealed]';
  }

  toJSON(): string {
    return '[sealed]';
  }

  [inspect.custom](): string {
    return '[sealed]';
  }

  #place(): Binding {
    if (!this.#binding) throw new BindingError('A sealed value was used before it was bound to its place.');
    return this.#binding;
  }
}
