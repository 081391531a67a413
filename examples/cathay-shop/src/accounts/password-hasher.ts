import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { turnstile } from './turnstile.ts';

export interface PasswordHasher {
  /** What is kept of a password: `scrypt$15$8$3$salt$key`, that is cost, block size, parallelism, and base64url. */
  hash(password: string): Promise<string>;
  /** Whether it is the password of a kept hash. `null`, for nobody's, is false and takes the same time. */
  matches(password: string, hash: string | null): Promise<boolean>;
}

/** N = 2^15, r = 8, p = 3: 32 MiB and about a fifth of a second. Source: OWASP Password Storage Cheat Sheet, scrypt. */
const current = { cost: 15, blockSize: 8, parallelism: 3 };
const keyBytes = 32;

const hashText = /^scrypt\$(1\d|20)\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

/** Of a password that nobody can have: the key is not what scrypt makes of anything, but for a chance of 2^-256. */
const nobodys = `scrypt$${current.cost}$${current.blockSize}$${current.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Passwords by scrypt, each with a salt of its own. A hash says how it was made, so the parameters can be raised later. Two are
 * hashed at once and 50 wait; more than that is refused as BUSY.
 */
export function passwordHasher(): PasswordHasher {
  const enter = turnstile({ width: 2, queue: 50 });
  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await enter(() => deriveKey(password, salt, current));
      const { cost, blockSize, parallelism } = current;
      return `scrypt$${cost}$${blockSize}$${parallelism}$${salt.toString('base64url')}$${key.toString('base64url')}`;
    },
    async matches(password, hash) {
      const parts = hashText.exec(hash ?? nobodys);
      if (!parts) throw new Error('A stored password hash cannot be read.');
      const [, cost, blockSize, parallelism, salt = '', key = ''] = parts;
      const parameters = {
        cost: Number(cost),
        blockSize: Number(blockSize),
        parallelism: Number(parallelism),
      };
      const derived = await enter(() => deriveKey(password, Buffer.from(salt, 'base64url'), parameters));
      return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && hash !== null;
    },
  };
}

function deriveKey(
  password: string,
  salt: Buffer,
  { cost, blockSize, parallelism }: typeof current,
): Promise<Buffer> {
  const N = 2 ** cost;
  // Node refuses to use more than `maxmem`; scrypt takes 128 * N * r bytes and a little.
  const options = { N, r: blockSize, p: parallelism, maxmem: 128 * N * blockSize + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    // One password may be typed as different code points on different keyboards: NFKC makes them one.
    scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
