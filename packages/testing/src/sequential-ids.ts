import type { Ids } from '@loyalty-engine/core';

/**
 * Ids 1, 2, 3 ... with leading zeros, so that they sort in the order in which they were made, and bytes that look random
 * but are the same in every run. Another prefix gives other bytes.
 *
 * @example
 * sequentialIds().next() //=> 'id-000001'
 */
export function sequentialIds(prefix = 'id'): Ids {
  let last = 0;
  let seed = 0;
  for (const character of prefix) seed = Math.imul(seed, 31) + (character.codePointAt(0) ?? 0);
  return {
    next() {
      last += 1;
      return `${prefix}-${String(last).padStart(6, '0')}`;
    },
    bytes(count) {
      return Uint8Array.from({ length: count }, () => {
        seed += 1;
        return mixed(seed) & 255;
      });
    },
  };
}

/** Spreads a counter over 32 bits. Source: the finaliser of MurmurHash3. */
function mixed(counter: number): number {
  let hash = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
