import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { day, member, milesProgram, minute, noon, openShop } from '../fixtures.test-data.ts';
import { createLoyalty } from './create-loyalty.ts';

const order = { id: 'ORDER123', total: '500' };
const expiring = milesProgram({ expiry: { kind: 'after-earning', days: 10 } });

describe('the clock', () => {
  test('set back does not un-expire points', async () => {
    const { loyalty, clock } = await openShop(memoryStore(), expiring);
    await loyalty.earn({ ...member, order });
    clock.at = noon + 10 * day;
    expect((await loyalty.balance(member)).available).toBe(0);
    clock.at = noon;
    expect((await loyalty.balance(member)).available).toBe(0);
    expect(await loyalty.redeem({ ...member, points: 5 })).toMatchObject({ code: 'NOT_ENOUGH_POINTS' });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ expired: 50 });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ expired: 0 });
  });

  test('of another process that runs behind does not un-expire points that this one wrote off', async () => {
    const store = memoryStore();
    const ahead = await openShop(store, expiring);
    const behind = await openShop(store, expiring);
    await ahead.loyalty.earn({ ...member, order });
    ahead.clock.at = noon + 10 * day;
    await ahead.loyalty.earn({ ...member, order: { id: 'ORDER124', total: '100' } });
    expect((await behind.loyalty.balance(member)).available).toBe(10);
    const late = unwrap(await behind.loyalty.redeem({ ...member, points: 10 }));
    expect(late.entries[0]?.recordedAt).toBe(new Date(noon + 10 * day).toISOString());
    expect((await ahead.loyalty.verify()).problems).toEqual([]);
  });

  test('that gives no whole milliseconds is a defect', async () => {
    const { loyalty, clock } = await openShop(memoryStore());
    clock.at = Number.NaN;
    await expect(loyalty.balance(member)).rejects.toMatchObject({ code: 'BAD_CLOCK' });
    await expect(loyalty.earn({ ...member, order })).rejects.toMatchObject({ code: 'BAD_CLOCK' });
  });

  test('rules occurredAt: the past is counted from, the future is refused', async () => {
    const { loyalty, clock } = await openShop(memoryStore(), {
      ...expiring,
      effectiveFrom: new Date(noon - 5 * day),
    });
    const past = unwrap(await loyalty.earn({ ...member, order, occurredAt: new Date(noon - 3 * day) }));
    expect(past.expiresAt).toBe(new Date(noon + 7 * day).toISOString());
    clock.at = noon + minute;
    const future = { ...member, order: { id: 'B', total: '1' }, occurredAt: new Date(noon + minute + 1) };
    await expect(loyalty.earn(future)).rejects.toMatchObject({ field: 'occurredAt' });
  });
});

describe('keys', () => {
  test('an order earns once: the same again replays, with other content it is refused', async () => {
    const { loyalty } = await openShop(memoryStore());
    const first = unwrap(await loyalty.earn({ ...member, order }));
    expect(await loyalty.earn({ ...member, order })).toEqual({ ...first, replayed: true });
    expect(await loyalty.earn({ ...member, order: { ...order, total: '600' } })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect((await loyalty.balance(member)).available).toBe(50);
  });

  test('an order earns once also under two keys of the caller', async () => {
    const { loyalty } = await openShop(memoryStore());
    await loyalty.earn({ ...member, order, idempotencyKey: 'a' });
    expect(await loyalty.earn({ ...member, order, idempotencyKey: 'b' })).toMatchObject({ replayed: true });
    expect((await loyalty.balance(member)).available).toBe(50);
  });

  test('an award is given once a source; adjustments are new each time unless they have a key', async () => {
    const { loyalty } = await openShop(memoryStore());
    const award = { ...member, points: 5, source: { type: 'review', id: '7' }, reason: 'review' };
    await loyalty.award(award);
    expect(await loyalty.award(award)).toMatchObject({ replayed: true });
    const adjust = { ...member, points: 1, reasonCode: 'promotion', actor: 'anita' };
    await loyalty.adjust(adjust);
    await loyalty.adjust(adjust);
    await loyalty.adjust({ ...adjust, idempotencyKey: 'k' });
    await loyalty.adjust({ ...adjust, idempotencyKey: 'k' });
    expect((await loyalty.balance(member)).available).toBe(8);
  });

  test('a redemption that was reversed can be made again; under a key of the caller it replays', async () => {
    const { loyalty } = await openShop(memoryStore());
    await loyalty.adjust({ ...member, points: 100, reasonCode: 'promotion', actor: 'anita' });
    for (const own of [{}, { idempotencyKey: 'k' }]) {
      const spend = {
        ...member,
        order: { id: `ORDER${Object.keys(own).length}`, total: '500' },
        points: 30,
        ...own,
      };
      const first = unwrap(await loyalty.redeem(spend));
      expect(await loyalty.redeem(spend)).toMatchObject({ replayed: true });
      await loyalty.reverse({ ...member, entry: first.entries[0]?.seq as number, reason: 'typo' });
      expect(await loyalty.redeem(spend)).toMatchObject({ replayed: 'idempotencyKey' in own });
    }
    expect((await loyalty.balance(member)).available).toBe(70);
  });

  test('a key of the caller cannot be mistaken for a derived one', async () => {
    const { loyalty } = await openShop(memoryStore());
    const adjust = { ...member, points: 1, reasonCode: 'promotion', actor: 'anita' };
    unwrap(await loyalty.adjust({ ...adjust, idempotencyKey: 'earn:ORDER123' }));
    expect(await loyalty.earn({ ...member, order })).toMatchObject({ ok: true, points: 50 });
  });

  test('a hold, its capture and its release can each be repeated', async () => {
    const { loyalty } = await openShop(memoryStore());
    await loyalty.earn({ ...member, order });
    const { holdId } = unwrap(await loyalty.hold({ ...member, points: 20 }));
    const captured = unwrap(await loyalty.capture({ ...member, holdId }));
    expect(await loyalty.capture({ ...member, holdId })).toEqual({ ...captured, replayed: true });
    expect(await loyalty.release({ ...member, holdId })).toMatchObject({ code: 'HOLD_ALREADY_CAPTURED' });
    const other = unwrap(await loyalty.hold({ ...member, points: 20 }));
    await loyalty.release({ ...member, holdId: other.holdId });
    expect(await loyalty.release({ ...member, holdId: other.holdId })).toMatchObject({
      ok: true,
      replayed: true,
    });
  });
});

describe('a card', () => {
  test('can be named by its id', async () => {
    const { loyalty } = await openShop(memoryStore());
    const { cardId } = unwrap(await loyalty.earn({ ...member, order }));
    expect((await loyalty.balance({ cardId })).available).toBe(50);
    expect(unwrap(await loyalty.redeem({ cardId, points: 5 })).cardId).toBe(cardId);
  });

  test('that is not there is refused by commands and thrown by readings', async () => {
    const { loyalty } = await openShop(memoryStore());
    expect(await loyalty.redeem({ cardId: 'none', points: 5 })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    await expect(loyalty.balance({ cardId: 'none' })).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
    await expect(loyalty.balance({ programId: 'none', customerId: 'x' })).rejects.toMatchObject({
      code: 'PROGRAM_NOT_FOUND',
    });
    await expect(loyalty.balance({ programId: 'miles' } as never)).rejects.toMatchObject({
      field: 'customerId',
    });
  });
});

describe('the options', () => {
  test.each([{ maxBatch: 0 }, { maxBatch: 10_001 }, { maxQueue: 0 }, { maxQueue: 1.5 }])(
    '%j are refused',
    (bounds) => {
      const [field] = Object.keys(bounds);
      expect(() => createLoyalty({ store: memoryStore(), ...bounds })).toThrow(
        expect.objectContaining({ field }),
      );
    },
  );

  test('have defaults that work: the clock and the ids of the system', async () => {
    const loyalty = createLoyalty({ store: memoryStore() });
    await loyalty.programs.publish(milesProgram());
    const before = Date.now();
    const earned = unwrap(await loyalty.earn({ ...member, order }));
    expect(Date.parse(earned.entries[0]?.occurredAt as string)).toBeGreaterThanOrEqual(before);
    expect(earned.cardId).toMatch(/^[0-9A-HJKMNP-TV-Z]{22}$/);
    await loyalty.close();
    await expect(loyalty.earn({ ...member, order })).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

test('a hundred commands at once on one card are all settled, each with its own answer', async () => {
  const { loyalty } = await openShop(memoryStore());
  await loyalty.adjust({ ...member, points: 50, reasonCode: 'promotion', actor: 'anita' });
  const spent = await Promise.all(
    Array.from({ length: 100 }, () => loyalty.redeem({ ...member, points: 1 })),
  );
  expect(spent.filter(({ ok }) => ok)).toHaveLength(50);
  const left = spent.flatMap((outcome) => (outcome.ok ? [outcome.balance.available] : []));
  expect(left).toEqual(Array.from({ length: 50 }, (_, index) => 49 - index));
  expect(await loyalty.verify(member)).toMatchObject({ ok: true, entries: 51 });
});
