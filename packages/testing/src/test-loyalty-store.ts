import { createLoyalty } from '@loyalty-engine/core';
import type { ExpectStatic } from 'vitest';
import { conformance } from './conformance/conformance.ts';
import type { Facts } from './conformance/fact.ts';
import { shopsOn } from './conformance/shop.ts';
import { fuzzInputs } from './fuzz/fuzz-inputs.ts';
import { manualClock } from './manual-clock.ts';
import type { OpenStore } from './open-store.ts';
import { compareWithMemory } from './random/compare-with-memory.ts';

const factTimeout = 60_000;
const randomTimeout = 600_000;

/**
 * Declares the whole conformance suite for a store, as tests of Vitest. Nothing in it can be skipped: a store that passes
 * is one that the engine can rely on. `open` is called for each test and gives a store on fresh, empty data.
 *
 * @example
 * await testLoyaltyStore('memory', () => ({ store: memoryStore() }))
 * @example
 * await testLoyaltyStore('SQLite', () => {
 *   const file = join(mkdtempSync(join(tmpdir(), 'loyalty-')), 'loyalty.sqlite')
 *   return {
 *     store: openSqliteStore({ file }),
 *     second: () => openSqliteStore({ file }),
 *     remove: () => rmSync(dirname(file), { recursive: true }),
 *   }
 * })
 */
export async function testLoyaltyStore(name: string, open: OpenStore): Promise<void> {
  // Not at the top: Vitest refuses to be loaded by `require`, and the rest of this package does without it.
  const { describe, expect, it } = await import('vitest');
  describe(`${name} as a loyalty store`, () => {
    for (const [topic, facts] of Object.entries(conformance)) {
      describe(topic, () => {
        for (const [fact, prove] of Object.entries(facts)) {
          it(fact, async () => proveFact(prove, open, expect), factTimeout);
        }
      });
    }
    it(
      'answers hostile inputs with outcomes or InvalidCommandErrors, and leaves no trace of them',
      async () => fuzzStore(open),
      factTimeout,
    );
    it(
      'gives the outcomes of the memory store for random command sequences, one by one and in batches',
      async () => compareWithMemory(open, { runs: 200 }),
      randomTimeout,
    );
  });
}

async function fuzzStore(open: OpenStore): Promise<void> {
  const { store, remove } = await open();
  try {
    await fuzzInputs(createLoyalty({ store, clock: manualClock('2026-01-20T00:00:00Z') }), { runs: 500 });
  } finally {
    await store.close();
    await remove?.();
  }
}

/** Proves one fact on fresh data; the books must be clean afterwards. @throws what the fact or the books have against it. */
export async function proveFact(prove: Facts[string], open: OpenStore, expect: ExpectStatic): Promise<void> {
  const shops = shopsOn(open);
  try {
    await prove({ open: shops.open, expect });
    await shops.verify();
  } finally {
    await shops.close();
  }
}
