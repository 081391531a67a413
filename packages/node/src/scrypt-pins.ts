import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { InvalidCommandError, type PinHasher } from '@loyalty-engine/core';

export interface ScryptPinsOptions {
  /** A secret of at least 16 characters, kept apart from the database. */
  pepper: string;
  /** N = 2^cost, 10 to 20: each step doubles the time and the memory of a hash. Default 15, which takes 32 MiB. */
  cost?: number;
}

const blockSize = 8;
const parallelism = 1;
const saltBytes = 16;
const keyBytes = 32;

/** `scrypt$15$8$1$salt$key`: cost, block size, parallelism, then 16 and 32 bytes in base64url. */
const hashText = /^scrypt\$(1\d|20)\$8\$1\$([\w-]{22})\$([\w-]{43})$/;

/**
 * Hashes PINs with scrypt and a salt of their own. A PIN has so few digits that all of them can be tried, so the pepper is
 * mixed in first (HMAC-SHA256): whoever has the database but not the pepper can try none. A hash says how it was made, so
 * `cost` can be raised later: PINs set before stay right. Hashing is done by Node's thread pool, four at a time unless
 * `UV_THREADPOOL_SIZE` says otherwise.
 *
 * @throws InvalidCommandError naming `pepper` or `cost`.
 * @example
 * const loyalty = createLoyalty({ store, pins: scryptPins({ pepper: process.env.PIN_PEPPER ?? '' }) })
 */
export function scryptPins({ pepper, cost = 15 }: ScryptPinsOptions): PinHasher {
  if (typeof pepper !== 'string' || pepper.length < 16)
    throw invalid('pepper', 'expected 16 characters or more');
  if (!Number.isInteger(cost) || cost < 10 || cost > 20)
    throw invalid('cost', 'expected a whole number, 10 to 20');
  return {
    async hash(pin) {
      const salt = randomBytes(saltBytes);
      const key = await deriveKey(pin, pepper, salt, cost);
      return `scrypt$${cost}$${blockSize}$${parallelism}$${salt.toString('base64url')}$${key.toString('base64url')}`;
    },
    async verify(pin, hash) {
      const [, madeAt, salt, key] = hashText.exec(hash) ?? [];
      if (madeAt === undefined || salt === undefined || key === undefined) return false;
      const derived = await deriveKey(pin, pepper, Buffer.from(salt, 'base64url'), Number(madeAt));
      return timingSafeEqual(derived, Buffer.from(key, 'base64url'));
    },
  };
}

function deriveKey(pin: string, pepper: string, salt: Buffer, cost: number): Promise<Buffer> {
  const N = 2 ** cost;
  const peppered = createHmac('sha256', pepper).update(pin).digest();
  // Node refuses to use more than `maxmem`; scrypt takes 128 * N * r bytes and a little.
  const options = { N, r: blockSize, p: parallelism, maxmem: 128 * N * blockSize + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(peppered, salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function invalid(field: string, message: string): InvalidCommandError {
  return new InvalidCommandError([{ path: [field], message, code: 'custom' }]);
}
