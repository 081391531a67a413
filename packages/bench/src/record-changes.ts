import {
  type CardState,
  type Changes,
  copyState,
  foldWork,
  type LoyaltyStore,
  type Touch,
  type Work,
} from '@loyalty-engine/core';

/**
 * The rows that settling these batches writes, one element a batch. `copy` stands where the recorded store stood before
 * the first batch; decisions are pure, so folding the same work over the same cards gives the same rows.
 */
export async function recordChanges(
  copy: LoyaltyStore,
  batches: readonly (readonly Work[])[],
): Promise<Changes[]> {
  const recorded: Changes[] = [];
  for (const batch of batches) {
    const states = new Map<string, CardState>();
    await Promise.all(
      [...mergedTouches(batch)].map(async (touch) => {
        const state = await copy.load(touch);
        if (!state) throw new Error(`Card ${keyOf(touch)} was not enrolled before the clock started`);
        states.set(keyOf(touch), copyState(state));
      }),
    );
    const { settled, changes } = foldWork(batch, (touch) => states.get(keyOf(touch)));
    for (const one of settled) if ('error' in one || !one.outcome.ok) throw new Error('A command failed');
    recorded.push(changes);
    await copy.settle(batch);
  }
  return recorded;
}

function keyOf({ card }: Touch): string {
  return card.cardId ?? card.customerId ?? card.name ?? '';
}

/** One touch a card that asks for all that the batch asks for. */
function mergedTouches(batch: readonly Work[]): Iterable<Touch> {
  const merged = new Map<string, Touch>();
  for (const { touches } of batch) {
    for (const touch of touches) {
      const before = merged.get(keyOf(touch));
      merged.set(keyOf(touch), before ? merge(before, touch) : touch);
    }
  }
  return merged.values();
}

function merge(a: Touch, b: Touch): Touch {
  return {
    ...a,
    keys: [...a.keys, ...b.keys],
    orders: [...(a.orders ?? []), ...(b.orders ?? [])],
    burn: (a.burn ?? 0) + (b.burn ?? 0),
    at: Math.min(a.at, b.at),
    now: Math.max(a.now, b.now),
  };
}
