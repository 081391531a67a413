import { type Answered, type Loyalty, type RequestInput, requestsTable } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';

const request = { scope: 'cathay', key: 'f81d4fae', fingerprint: 'sha256:9b74c989' };
const otherContent = { ...request, fingerprint: 'sha256:11111111' };
const underWay = { code: 'REQUEST_UNDER_WAY' };
const reused = { code: 'IDEMPOTENCY_KEY_REUSED' };
const mall = { merchantId: 'cathay', id: 'mall', name: 'Mall', timeZone: 'Asia/Kolkata' };

/** Something to carry out, and how often it was. */
function counted() {
  let times = 0;
  const run = async () => {
    times += 1;
    // Long enough for others to come in between.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { times };
  };
  return { run, times: () => times };
}

/** A request in the middle of which its process stops, once that is so; `wake` lets the process go on after all. */
async function brokenOff(loyalty: Loyalty, sent: RequestInput = request) {
  const begun = Promise.withResolvers<void>();
  const work = Promise.withResolvers<object>();
  const answered: Promise<Answered<object>> = loyalty.requests.once(sent, () => {
    begun.resolve();
    return work.promise;
  });
  await Promise.race([begun.promise, answered]);
  return {
    wake(answer: object) {
      work.resolve(answer);
      return answered;
    },
  };
}

/** Requests that are carried out once under a key of their sender's. */
export const requestFacts: Facts = factsIn((open) => open(), {
  'the same request again is answered with what the first came to, whatever has changed since': async (
    { loyalty, second, reopened, clock },
    expect,
  ) => {
    await loyalty.merchants.register({ id: mall.merchantId, name: 'Cathay' });
    const register = () => loyalty.locations.register(mall);
    const { answer, replayed } = await loyalty.requests.once(request, register);
    expect([answer, replayed]).toEqual([{ ...mall, status: 'open' }, false]);
    await loyalty.locations.register({ ...mall, name: 'Mall, first floor' });
    clock.set('2026-01-15T11:00:00.000Z');
    for (const engineOf of [async () => loyalty, second, reopened]) {
      const engine = await engineOf();
      expect(await engine.requests.once(request, register)).toEqual({ answer, replayed: true });
      const { name } = (await engine.locations.get(mall.merchantId, mall.id)) ?? {};
      expect(name).toBe('Mall, first floor');
    }
  },

  'another key, and the same key in another scope, are other requests': async ({ loyalty }, expect) => {
    const { run } = counted();
    const others = [{}, { scope: 'other' }, { key: 'F81D4FAE' }, { key: 'f81d4fae-2' }];
    for (const [index, other] of others.entries()) {
      const made = await loyalty.requests.once({ ...request, ...other }, run);
      expect(made).toEqual({ answer: { times: index + 1 }, replayed: false });
    }
  },

  'what is to be seen once is in the first answer and nowhere after it': async (
    { loyalty, store },
    expect,
  ) => {
    const once = () =>
      loyalty.requests.once(
        request,
        async (): Promise<{ id: string; pin: string | null }> => ({ id: 'ravi', pin: '482913' }),
        ({ id }) => ({ id, pin: null }),
      );
    expect(await once()).toEqual({ answer: { id: 'ravi', pin: '482913' }, replayed: false });
    expect(await once()).toEqual({ answer: { id: 'ravi', pin: null }, replayed: true });
    const rows = await store.records(requestsTable, [[request.scope, request.key]]);
    expect(JSON.stringify(rows)).not.toContain('482913');
  },

  'an answer of any text and of a million characters is kept as it is': async ({ loyalty }, expect) => {
    const answer = {
      ...{ quotes: `'"\\`, controls: '\u0000\n\u007f', half: '\ud800', script: 'मुंबई 🎫', nothing: null },
      ...{ list: [1.5, -0.25, 2 ** 53 - 1, { deep: [] }], long: 'x'.repeat(1_000_000) },
    };
    await loyalty.requests.once(request, async () => answer);
    const again = await loyalty.requests.once(request, async () => ({ ...answer, long: '' }));
    expect(again).toEqual({ answer, replayed: true });
  },

  'a request that throws leaves nothing, and its key is free for any content': async (
    { loyalty, second },
    expect,
  ) => {
    const { run } = counted();
    const failing = () => loyalty.staff.register({ ...mall, role: 'cashier', actor: 'anita' } as never);
    for (const engine of [loyalty, await second()]) {
      const thrown = engine.requests.once(request, failing);
      await expect(thrown).rejects.toMatchObject({ code: 'INVALID_COMMAND' });
    }
    expect(await loyalty.requests.once(otherContent, run)).toEqual({ answer: { times: 1 }, replayed: false });
    expect(await loyalty.requests.once(otherContent, run)).toEqual({ answer: { times: 1 }, replayed: true });
    await expect(loyalty.requests.once(request, run)).rejects.toMatchObject(reused);
  },

  'a key that was used for other content is refused, and the first answer stays': async (
    { loyalty, reopened },
    expect,
  ) => {
    const { run, times } = counted();
    await loyalty.requests.once(request, run);
    await expect(loyalty.requests.once(otherContent, run)).rejects.toMatchObject(reused);
    const engine = await reopened();
    await expect(engine.requests.once(otherContent, run)).rejects.toMatchObject(reused);
    expect(await engine.requests.once(request, run)).toEqual({ answer: { times: 1 }, replayed: true });
    expect(times()).toBe(1);
  },

  'of 100 who send one request at once exactly one is carried out': async ({ loyalty, second }, expect) => {
    const { run, times } = counted();
    const engines = [loyalty, await second()] as const;
    const settled = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => engines[index % 2 ? 1 : 0].requests.once(request, run)),
    );
    expect(times()).toBe(1);
    const made = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(made.every(({ answer }) => answer.times === 1)).toBe(true);
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(refused.filter((code) => code !== underWay.code)).toEqual([]);
    expect(await loyalty.requests.once(request, run)).toEqual({ answer: { times: 1 }, replayed: true });
  },

  'of two who use one key at once for other content one is refused': async ({ loyalty, second }, expect) => {
    const other = await second();
    for (let round = 1; round <= 10; round += 1) {
      const key = `key ${round}`;
      const { run, times } = counted();
      const settled = await Promise.allSettled([
        loyalty.requests.once({ ...request, key }, run),
        other.requests.once({ ...otherContent, key }, run),
      ]);
      const [made, refused] = settled.toSorted(({ status: a }, { status: b }) => (a < b ? -1 : 1));
      expect(made).toEqual({ status: 'fulfilled', value: { answer: { times: 1 }, replayed: false } });
      expect(refused).toMatchObject({ status: 'rejected', reason: reused });
      expect(times()).toBe(1);
    }
  },

  'a request that was broken off is carried out again after a minute, and no sooner': async (
    { loyalty, second, clock },
    expect,
  ) => {
    const { run, times } = counted();
    const other = await second();
    await brokenOff(loyalty);
    for (const soon of ['2026-01-15T10:00:00.000Z', '2026-01-15T10:00:59.999Z']) {
      clock.set(soon);
      for (const engine of [loyalty, other])
        await expect(engine.requests.once(request, run)).rejects.toMatchObject(underWay);
    }
    clock.set('2026-01-15T10:01:00.000Z');
    expect(await other.requests.once(request, run)).toEqual({ answer: { times: 1 }, replayed: false });
    expect(await loyalty.requests.once(request, run)).toEqual({ answer: { times: 1 }, replayed: true });
    expect(times()).toBe(1);
  },

  'the key of a request that was broken off is free for no other content': async (
    { loyalty, clock },
    expect,
  ) => {
    const { run, times } = counted();
    await brokenOff(loyalty);
    await expect(loyalty.requests.once(otherContent, run)).rejects.toMatchObject(reused);
    clock.set('2026-01-15T10:30:00.000Z');
    await expect(loyalty.requests.once(otherContent, run)).rejects.toMatchObject(reused);
    expect(times()).toBe(0);
  },

  'a request that was taken for broken off and is not leaves the answer that was kept meanwhile': async (
    { loyalty, second, clock },
    expect,
  ) => {
    const { run } = counted();
    const { wake } = await brokenOff(loyalty);
    clock.set('2026-01-15T10:01:00.000Z');
    await (await second()).requests.once(request, run);
    expect(await wake({ times: 2 })).toEqual({ answer: { times: 2 }, replayed: false });
    expect(await loyalty.requests.once(request, run)).toEqual({ answer: { times: 1 }, replayed: true });
  },

  'a request is forgotten after seven days, and no sooner': async ({ loyalty, clock, store }, expect) => {
    const { run } = counted();
    await loyalty.requests.once(request, run);
    clock.set('2026-01-15T11:00:00.000Z');
    await loyalty.requests.once({ ...request, key: 'young' }, run);
    const keysLeft = async () => {
      const rows = await store.records(requestsTable, [
        [request.scope, request.key],
        [request.scope, 'young'],
      ]);
      return rows.flatMap((row) => (row ? [row.key] : []));
    };
    clock.set('2026-01-22T10:00:00.000Z');
    await loyalty.jobs.expirePoints();
    expect(await keysLeft()).toEqual([request.key, 'young']);
    clock.set('2026-01-22T10:00:00.001Z');
    await loyalty.jobs.expirePoints();
    expect(await keysLeft()).toEqual(['young']);
    expect(await loyalty.requests.once(request, run)).toEqual({ answer: { times: 3 }, replayed: false });
  },

  'a request that is not one is refused by its field, and nothing is done or kept': async (
    { loyalty, store },
    expect,
  ) => {
    const { run, times } = counted();
    const wrong: [string, object][] = [
      ['scope', { scope: '' }],
      ['key', { key: ' padded' }],
      ['key', { key: 'x'.repeat(201) }],
      ['fingerprint', { fingerprint: '' }],
      ['fingerprint', { fingerprint: 'x'.repeat(101) }],
      ['fingerprint', { fingerprint: 'a\u0000' }],
    ];
    for (const [field, change] of wrong) {
      const refused = loyalty.requests.once({ ...request, ...change }, run);
      await expect(refused, field).rejects.toMatchObject({ code: 'INVALID_COMMAND', field });
    }
    expect(times()).toBe(0);
    expect(await store.records(requestsTable, [[request.scope, request.key]])).toEqual([null]);
    const longest = { scope: 's'.repeat(200), key: 'ключ'.repeat(50), fingerprint: 'x'.repeat(100) };
    expect(await loyalty.requests.once(longest, run)).toEqual({ answer: { times: 1 }, replayed: false });
    expect(await loyalty.requests.once(longest, run)).toEqual({ answer: { times: 1 }, replayed: true });
  },
});
