import { type LoyaltyStore, type RecordRow, requestsTable, type Work } from '@loyalty-engine/core';
import { expect, test } from 'vitest';
import { conformance } from './conformance/conformance.ts';
import { memoryStore } from './memory-store.ts';
import { overrideStore } from './override-store.ts';
import { compareWithMemory } from './random/compare-with-memory.ts';
import { proveFact } from './test-loyalty-store.ts';

/** The facts of one topic that a store does not keep. */
async function brokenFacts(topic: string, store: () => LoyaltyStore): Promise<string[]> {
  const broken: string[] = [];
  for (const [fact, prove] of Object.entries(conformance[topic] ?? {})) {
    await proveFact(prove, () => ({ store: store() }), expect).catch(() => broken.push(fact));
  }
  return broken;
}

/** A memory store that settles otherwise. */
function settlingBy(
  settle: (store: LoyaltyStore, work: readonly Work[]) => ReturnType<LoyaltyStore['settle']>,
) {
  return () => {
    const store = memoryStore();
    return overrideStore(store, { settle: (work) => settle(store, work) });
  };
}

const ignoringReceipts = settlingBy((store, work) =>
  store.settle(
    work.map((one) => ({ ...one, keys: [], touches: one.touches.map((touch) => ({ ...touch, keys: [] })) })),
  ),
);

const withoutIsolation = settlingBy(async (store, work) => {
  const settled = await store.settle(work);
  const broken = settled.find((one) => 'error' in one);
  if (broken && 'error' in broken) throw broken.error;
  return settled;
});

const lastCommandLost = settlingBy(async (store, work) => [
  ...(await store.settle(work.slice(0, -1))),
  { outcome: { ok: false, code: 'OVERLOADED', message: 'Lost' } },
]);

/** Reads no entries of one kind: as if they had never been written. */
function losing(kind: string): () => LoyaltyStore {
  return () => {
    const store = memoryStore();
    return overrideStore(store, {
      entries: async (cardId, slice) =>
        (await store.entries(cardId, slice)).filter((entry) => entry.kind !== kind),
    });
  };
}

/** Loads lots without regard to points that open holds reserve. */
function forgettingHolds(): LoyaltyStore {
  const store = memoryStore();
  return overrideStore(store, {
    settle: (work) =>
      store.settle(
        work.map((one) => ({
          ...one,
          decide: (states) => {
            for (const state of states) {
              for (const [seq, lot] of state.lots) state.lots.set(seq, { ...lot, held: 0 });
            }
            return one.decide(states);
          },
        })),
      ),
  });
}

/** Two connections that check first and write later, without a lock between them. */
function withoutLock(): () => LoyaltyStore {
  return () => {
    const store = memoryStore();
    let last: Promise<unknown> = Promise.resolve();
    return overrideStore(store, {
      load: async (touch) => {
        await last;
        return store.load(touch);
      },
      settle: async (work) => {
        const decided = await Promise.all(
          work.map(async (one) => {
            const states = await Promise.all(one.touches.map((touch) => store.load(touch)));
            await new Promise((resolve) => setTimeout(resolve, 0));
            // What was read before the wait is what is decided on, whatever was written meanwhile.
            return {
              ...one,
              decide: () => one.decide(states.map((state, index) => state ?? fresh(one, index))),
            };
          }),
        );
        const settled = store.settle(decided);
        last = settled;
        return settled;
      },
    });
  };
  function fresh(work: Work, index: number): never {
    throw new Error(`No card for touch ${index} of ${work.fingerprint}`);
  }
}

/** Changes merchants' books by what it read before it had the lock. */
function changingUnlocked(): LoyaltyStore {
  const store = memoryStore();
  return overrideStore(store, {
    async changeRecords(keys, change) {
      const before = await Promise.all(
        keys.map(async ({ table, key }) => (await store.records<unknown>(table, [key]))[0] ?? null),
      );
      await new Promise((resolve) => setTimeout(resolve, 0));
      const { rows, result } = change(before);
      return store.changeRecords(keys, () => ({ rows, result }));
    },
  });
}

/** A memory store that writes other rows of requests than it was told to. */
function writingRequests(written: (one: RecordRow) => RecordRow[]): () => LoyaltyStore {
  return () => {
    const store = memoryStore();
    return overrideStore(store, {
      changeRecords: (keys, change) =>
        store.changeRecords(keys, (found) => {
          const { rows, result } = change(found);
          return {
            rows: rows.flatMap((one) => (one.table === requestsTable ? written(one) : [one])),
            result,
          };
        }),
    });
  };
}

const losingAnswers = writingRequests((one) => [{ ...one, row: { ...(one.row as object), answer: null } }]);
const onlyAdding = writingRequests((one) => (one.isNew ? [one] : []));

/** Forgets what was redeemed of rewards between one batch and the next. */
const forgettingStock = settlingBy((store, work) =>
  store.settle(
    work.map((one) => ({
      ...one,
      decide: (states) => {
        for (const { rewards } of states)
          for (const [id, reward] of rewards) rewards.set(id, { ...reward, redeemed: 0 });
        return one.decide(states);
      },
    })),
  ),
);

/** Lists cards without regard to any filter, and adds up every day whatever was asked for. */
function ignoringQueries(): LoyaltyStore {
  const store = memoryStore();
  return overrideStore(store, {
    cards: (limit, after) => store.cards(limit, after),
    entriesAcross: (_filter, limit, before) => store.entriesAcross({}, limit, before),
    tallies: (query) => store.tallies({ ...query, from: null, to: null }),
  });
}

/** Goes on behind all entries of the instant at which a page ended. */
function skippingInstants(): LoyaltyStore {
  const store = memoryStore();
  return overrideStore(store, {
    entriesAcross: (filter, limit, before) =>
      store.entriesAcross(filter, limit, before && { ...before, cardId: '', seq: 0 }),
  });
}

test('a store that ignores receipts is caught', async () => {
  const broken = await brokenFacts('idempotency', ignoringReceipts);
  expect(broken).toContain('the same key and content answers the first outcome again');
  expect(broken).toContain('fifty equal commands at once have one effect and fifty equal outcomes');
  const compared = compareWithMemory(() => ({ store: ignoringReceipts() }), { runs: 300 });
  await expect(compared).rejects.toThrow();
});

test('a store that lets one broken command fail its batch is caught', async () => {
  expect(await brokenFacts('batches', withoutIsolation)).toEqual([
    'refused and invalid commands leave their neighbours alone',
    'a command whose decision breaks fails alone, and leaves no trace',
  ]);
});

test('a store that loses an entry is caught', async () => {
  expect(await brokenFacts('statements', losing('redeem'))).not.toEqual([]);
  expect(await brokenFacts('statements', lastCommandLost)).not.toEqual([]);
});

test('a store that forgets what is held is caught', async () => {
  expect(await brokenFacts('holds', forgettingHolds)).toContain('held points are neither available nor gone');
});

test('a store that decides on what it read before it had the lock is caught', async () => {
  expect(await brokenFacts('races', withoutLock())).not.toEqual([]);
});

test('a store that counts PINs or stock before it has the lock is caught', async () => {
  expect(await brokenFacts('races in a company', changingUnlocked)).toContain(
    'of 200 wrong PINs at once from two engines only as many are looked at as may be',
  );
  expect(await brokenFacts('races in a company', withoutLock())).not.toEqual([]);
});

test('a store that forgets what was redeemed of a reward is caught', async () => {
  expect(await brokenFacts('rewards', forgettingStock)).toContain(
    'stock and price that are edited hold from the next redemption on',
  );
});

test('a store that lists and adds up more than it was asked for is caught', async () => {
  expect(await brokenFacts('lists of cards', ignoringQueries)).toEqual([
    'cards are chosen by program, merchant, status, place of enrolment and last use',
  ]);
  expect(await brokenFacts('lists of entries', ignoringQueries)).toContain(
    'entries are chosen by program, merchant, card, kind, place, order, actor and time of writing',
  );
  expect(await brokenFacts('statistics', ignoringQueries)).toEqual([
    "days begin at midnight of the program's zone",
  ]);
});

test('a store that loses entries between two pages is caught', async () => {
  expect(await brokenFacts('lists of entries', skippingInstants)).toContain(
    'a page ends between entries of one instant, and the next one goes on behind it',
  );
});

test('a store that begins a request before it has the lock is caught', async () => {
  expect(await brokenFacts('requests that are carried out once', changingUnlocked)).toContain(
    'of 100 who send one request at once exactly one is carried out',
  );
});

test('a store that loses what a request came to is caught', async () => {
  expect(await brokenFacts('requests that are carried out once', losingAnswers)).toContain(
    'the same request again is answered with what the first came to, whatever has changed since',
  );
});

test('a store that begins a request and never writes over it is caught', async () => {
  expect(await brokenFacts('requests that are carried out once', onlyAdding)).toEqual(
    expect.arrayContaining([
      'a request that throws leaves nothing, and its key is free for any content',
      'a request that was broken off is carried out again after a minute, and no sooner',
    ]),
  );
});

test('a store that keeps every fact breaks none', async () => {
  expect(await brokenFacts('idempotency', memoryStore)).toEqual([]);
  expect(await brokenFacts('races', memoryStore)).toEqual([]);
});
