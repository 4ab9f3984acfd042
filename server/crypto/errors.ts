/** Stored bytes do not open under their key and place: moved, changed, cut, or never sealed. Carries no value. */
export class IntegrityError extends Error {
  override readonly name = 'IntegrityError';
}

/** A sealed value was asked to be at two places, or at none. A fault of the program, not of the data. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
}

/** Something sealed was opened outside an access scope, where nobody would be named for it. */
export class OutsideScopeError extends Error {
  override readonly name = 'OutsideScopeError';

  constructor() {
    super('No scope, no plaintext: sealed values open only inside an access scope.');
  }
}

/** A data key is not in memory: it was erased, never minted, or nobody asked the keyring to hold it. */
export class KeyUnavailableError extends Error {
  override readonly name = 'KeyUnavailableError';
}

/** The root key is missing, malformed, or another one than the database was sealed under. */
export class WrongRootKeyError extends Error {
  override readonly name = 'WrongRootKeyError';
}

/**
 * A key-encryption key that appeared at run time cannot be unwrapped, because custody is out of reach (an HSM gone, say).
 * Whatever stands under epochs unwrapped before goes on working.
 */
export class EpochUnavailableError extends Error {
  override readonly name = 'EpochUnavailableError';
}

/** Custody of the root key does not answer: its module, its token or its PIN. Names neither PIN nor key. */
export class CustodyError extends Error {
  override readonly name = 'CustodyError';
}
