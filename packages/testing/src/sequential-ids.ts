import type { Ids } from '@loyalty-engine/core';

/**
 * Ids 1, 2, 3 ... with leading zeros, so that they sort in the order in which they were made.
 *
 * @example
 * sequentialIds().next() //=> 'id-000001'
 */
export function sequentialIds(prefix = 'id'): Ids {
  let last = 0;
  return {
    next() {
      last += 1;
      return `${prefix}-${String(last).padStart(6, '0')}`;
    },
  };
}
