/** Random choices that are the same for the same seed, on every machine. */
export interface RandomNumbers {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number; both ends are possible. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** mulberry32: small, and good enough to pick names and prices. */
export function randomNumbers(seed: number): RandomNumbers {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  };
}
