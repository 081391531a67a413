/**
 * Makes of a PIN what may be kept, and compares. Core has none of its own: `scryptPins` of `@loyalty-engine/node` is one.
 * A PIN has few digits, so a hasher must be slow, must salt each hash, and should mix in a secret that is not kept beside
 * the hashes.
 */
export interface PinHasher {
  /** A hash from which the PIN cannot be read; another one each time. */
  hash(pin: string): Promise<string>;
  /** Whether the hash was made of this PIN; false for a text that is no hash. Takes the same time either way. */
  verify(pin: string, hash: string): Promise<boolean>;
}
