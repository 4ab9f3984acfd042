/** A job on keys could not be done; the message says what is in its way and holds no values. */
export class KeyWorkError extends Error {
  override readonly name = 'KeyWorkError';
}
