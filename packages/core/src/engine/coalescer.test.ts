import { describe, expect, test } from 'vitest';
import type { Outcome } from '../commands/outcome.ts';
import type { LoyaltyStore, Settled, Work } from '../ports/loyalty-store.ts';
import { Coalescer } from './coalescer.ts';

/** Work that is nothing but its name, on a card of its own unless a card is named. */
const named = (name: string, cardId = name) =>
  ({ fingerprint: name, touches: [{ card: { cardId } }] }) as unknown as Work;
const accepted = (name: string) => ({ ok: true, name }) as unknown as Outcome<object>;
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

/** A store that keeps batches waiting until they are answered by hand. */
function handStore() {
  const batches: string[][] = [];
  const waiting: { answer: (settled?: Settled[]) => void; fail: (error: unknown) => void }[] = [];
  const settle = (work: readonly Work[]) =>
    new Promise<Settled[]>((resolve, reject) => {
      const names = work.map(({ fingerprint }) => fingerprint);
      batches.push(names);
      const usual = names.map((name) => ({ outcome: accepted(name) }));
      waiting.push({ answer: (settled = usual) => resolve(settled), fail: reject });
    });
  const next = async () => {
    await turn();
    const one = waiting.shift();
    if (!one) throw new Error('nothing is in flight');
    return one;
  };
  return { batches, next, store: { settle } as unknown as LoyaltyStore };
}

describe('commands', () => {
  test('that come together travel together, and those that come meanwhile travel in the next batch', async () => {
    const { batches, next, store } = handStore();
    const coalescer = new Coalescer(store, 10, 10);
    const first = [coalescer.submit(named('a')), coalescer.submit(named('b'))];
    const inFlight = await next();
    const second = [coalescer.submit(named('c')), coalescer.submit(named('d'))];
    await turn();
    expect(batches).toEqual([['a', 'b']]);
    inFlight.answer();
    expect(await Promise.all(first)).toEqual([accepted('a'), accepted('b')]);
    (await next()).answer();
    expect(await Promise.all(second)).toEqual([accepted('c'), accepted('d')]);
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('travel at most maxBatch at a time, in the order in which they came', async () => {
    const { batches, next, store } = handStore();
    const coalescer = new Coalescer(store, 2, 10);
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => coalescer.submit(named(name))));
    for (let batch = 0; batch < 3; batch += 1) (await next()).answer();
    expect(await all).toEqual(['a', 'b', 'c', 'd', 'e'].map(accepted));
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('beyond maxQueue are refused as OVERLOADED, at once; those that wait are not hurt', async () => {
    const { next, store } = handStore();
    const coalescer = new Coalescer(store, 1, 2);
    const first = coalescer.submit(named('a'));
    const inFlight = await next();
    const waiting = [coalescer.submit(named('b')), coalescer.submit(named('c'))];
    const refused = await coalescer.submit(named('d'));
    expect(refused).toMatchObject({ ok: false, code: 'OVERLOADED', limit: 2 });
    inFlight.answer();
    await first;
    const room = await next();
    const later = coalescer.submit(named('e'));
    room.answer();
    (await next()).answer();
    (await next()).answer();
    expect(await Promise.all([...waiting, later])).toEqual(['b', 'c', 'e'].map(accepted));
  });

  test('have each an answer of its own: an outcome or the error of its decision', async () => {
    const { next, store } = handStore();
    const coalescer = new Coalescer(store, 10, 10);
    const results = Promise.allSettled([coalescer.submit(named('a')), coalescer.submit(named('b'))]);
    (await next()).answer([{ error: new Error('boom') }, { outcome: accepted('b') }]);
    expect(await results).toEqual([
      { status: 'rejected', reason: new Error('boom') },
      { status: 'fulfilled', value: accepted('b') },
    ]);
  });
});

describe('a store that settles two batches at once', () => {
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `${from + index}`);

  test('gets the commands that wait in equal shares', async () => {
    const { batches, next, store } = handStore();
    const coalescer = new Coalescer({ ...store, settlesAtOnce: 2 }, 100, 100);
    const all = Promise.all(numbered(0, 60).map((name) => coalescer.submit(named(name))));
    const both = [await next(), await next()];
    expect(batches).toEqual([numbered(0, 30), numbered(30, 60)]);
    for (const one of both) one.answer();
    await all;
  });

  test('gets a few commands as one batch, and the next that come while it is in flight', async () => {
    const { batches, next, store } = handStore();
    const coalescer = new Coalescer({ ...store, settlesAtOnce: 2 }, 100, 100);
    const first = ['a', 'b'].map((name) => coalescer.submit(named(name)));
    const inFlight = await next();
    const second = coalescer.submit(named('c'));
    (await next()).answer();
    expect(await second).toEqual(accepted('c'));
    inFlight.answer();
    await Promise.all(first);
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  test('never gets one card twice at once, and its commands keep their order', async () => {
    const { batches, next, store } = handStore();
    const coalescer = new Coalescer({ ...store, settlesAtOnce: 2 }, 100, 100);
    const first = coalescer.submit(named('a1', 'a'));
    const inFlight = await next();
    const later = [
      coalescer.submit(named('a2', 'a')),
      coalescer.submit(named('b1', 'b')),
      coalescer.submit(named('a3', 'a')),
    ];
    (await next()).answer();
    await later[1];
    expect(batches).toEqual([['a1'], ['b1']]);
    inFlight.answer();
    (await next()).answer();
    await Promise.all([first, ...later]);
    expect(batches).toEqual([['a1'], ['b1'], ['a2', 'a3']]);
  });

  test('is waited for by close, both batches', async () => {
    const { next, store } = handStore();
    const coalescer = new Coalescer({ ...store, settlesAtOnce: 2 }, 1, 10);
    const all = Promise.all([coalescer.submit(named('a')), coalescer.submit(named('b'))]);
    const [one, other] = [await next(), await next()];
    let closed = false;
    const closing = coalescer.close().then(() => {
      closed = true;
    });
    one.answer();
    await turn();
    expect(closed).toBe(false);
    other.answer();
    await closing;
    await all;
  });
});

describe('a store that fails', () => {
  test('rejects its batch and no other', async () => {
    const { next, store } = handStore();
    const coalescer = new Coalescer(store, 1, 10);
    const results = Promise.allSettled(['a', 'b', 'c'].map((name) => coalescer.submit(named(name))));
    (await next()).answer();
    (await next()).fail(new Error('disk full'));
    (await next()).answer();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('by throwing at once rejects as well', async () => {
    const store = {
      settle: () => {
        throw new Error('no connection');
      },
    } as unknown as LoyaltyStore;
    await expect(new Coalescer(store, 1, 1).submit(named('a'))).rejects.toThrow('no connection');
  });

  test('by answering too few rejects those without an answer', async () => {
    const { next, store } = handStore();
    const coalescer = new Coalescer(store, 10, 10);
    const results = Promise.allSettled([coalescer.submit(named('a')), coalescer.submit(named('b'))]);
    (await next()).answer([{ outcome: accepted('a') }]);
    expect(await results).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'STORE_DEFECT' } }]);
  });
});

describe('closing', () => {
  test('waits for what is in flight and what waits, and takes no more', async () => {
    const { next, store } = handStore();
    const coalescer = new Coalescer(store, 1, 10);
    const all = Promise.all([coalescer.submit(named('a')), coalescer.submit(named('b'))]);
    let closed = false;
    const closing = coalescer.close().then(() => {
      closed = true;
    });
    await expect(coalescer.submit(named('c'))).rejects.toMatchObject({ code: 'CLOSED' });
    (await next()).answer();
    const last = await next();
    expect(closed).toBe(false);
    last.answer();
    await closing;
    expect(await all).toEqual([accepted('a'), accepted('b')]);
  });

  test('twice at once ends for both', async () => {
    const { next, store } = handStore();
    const coalescer = new Coalescer(store, 1, 10);
    const one = coalescer.submit(named('a'));
    const both = Promise.all([coalescer.close(), coalescer.close()]);
    (await next()).answer();
    await expect(both).resolves.toHaveLength(2);
    await one;
  });

  test('with nothing to do ends at once', async () => {
    await new Coalescer(handStore().store, 1, 1).close();
  });
});
