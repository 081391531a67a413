import type { Random } from '../commands/command.ts';

/** Where the engine gets new ids and random numbers from: what commands are given of them. */
export type Ids = Random;

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Ids of 22 characters: 10 of time, so that rows made together lie together, and 60 random bits in 12. The alphabet is
 * Crockford's base 32, which has no look-alikes.
 */
export const randomIds: Ids = {
  next() {
    let time = Date.now();
    let id = '';
    for (let place = 0; place < 10; place += 1) {
      id = alphabet[time % 32] + id;
      time = Math.floor(time / 32);
    }
    for (const byte of globalThis.crypto.getRandomValues(new Uint8Array(12))) id += alphabet[byte % 32];
    return id;
  },
  bytes: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
};
