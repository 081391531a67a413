// The two documents that this library answers are wrong in places. Each test is one of those places, named by what is
// right; the comment above it says what the document does. A is the shop with reward points, B the company-wide loyalty cards.
import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { cardNumberSchema } from './card/card-number.ts';
import { parseInput } from './commands/command.ts';
import { unwrap } from './commands/outcome.ts';
import { countingHasher } from './engine/company.test-data.ts';
import { createLoyalty } from './engine/create-loyalty.ts';
import {
  coffeeStamps,
  type Differences,
  day,
  hour,
  member,
  milesProgram,
  minute,
  noon,
  openShop,
} from './fixtures.test-data.ts';
import { randomIds } from './ports/ids.ts';
import type { LoyaltyStore, Settled, Work } from './ports/loyalty-store.ts';
import { checkCooldown } from './rules/check-cooldown.ts';
import { stampsUntilReward } from './rules/stamps-until-reward.ts';

const by = { reasonCode: 'promotion', actor: 'anita' };
const order = (id: string, total = '500') => ({ id, total });
const shop = (rules: Differences = {}, store: LoyaltyStore = memoryStore()) =>
  openShop(store, milesProgram(rules));
const stampShop = (stamps: Parameters<typeof coffeeStamps>[0] = {}, rules: Differences = {}) =>
  openShop(memoryStore(), milesProgram(rules, { stamps: coffeeStamps(stamps) }));
const tenDays: Differences = { expiry: { kind: 'after-earning', days: 10 } };
type Shop = Awaited<ReturnType<typeof shop>>['loyalty'];
const entriesOf = async (loyalty: Shop) =>
  (await loyalty.statement(member)).entries.map(({ kind, points }) => [kind, points]);

describe('A', () => {
  // A: expiry picks the same earn again on every run, and ignores what was spent.
  test('a lot expires once, for what was left of it', async () => {
    const { loyalty, clock } = await shop(tenDays);
    await loyalty.earn({ ...member, order: order('ORDER123') });
    await loyalty.redeem({ ...member, points: 30 });
    clock.at = noon + 10 * day;
    expect((await loyalty.jobs.expirePoints()).expired).toBe(20);
    expect((await loyalty.jobs.expirePoints()).expired).toBe(0);
    expect(await entriesOf(loyalty)).toEqual([
      ['earn', 50],
      ['redeem', -30],
      ['expire', -20],
    ]);
  });

  // A: one bad account stops the whole expiry job; everything is loaded at once.
  test('a bad card fails alone, cards are read in pages, and two jobs at once are safe', async () => {
    const memory = memoryStore();
    let bad = '';
    const pages: number[] = [];
    const { loyalty, clock } = await shop(tenDays, {
      ...memory,
      dueCards: async (now, limit, after) => {
        const page = await memory.dueCards(now, limit, after);
        pages.push(page.length);
        return page;
      },
      settle: async (work) => {
        if (work.some(({ touches }) => touches[0]?.card.cardId === bad)) throw new Error('bad account');
        return memory.settle(work);
      },
    });
    for (let index = 0; index < 150; index += 1) {
      const earned = await loyalty.earn({ programId: 'miles', customerId: `c${index}`, order: order('A') });
      if (index === 7) bad = unwrap(earned).cardId;
    }
    clock.at = noon + 10 * day;
    const runs = await Promise.all([loyalty.jobs.expirePoints(), loyalty.jobs.expirePoints()]);
    expect(runs.reduce((sum, { expired }) => sum + expired, 0)).toBe(149 * 50);
    expect(runs[0]).toMatchObject({ failed: 1, failures: [{ cardId: bad, message: 'bad account' }] });
    expect(Math.max(...pages)).toBe(100);
  });

  // A: expired points are spendable until a job runs.
  test('points past their end cannot be spent, whether or not a job has run', async () => {
    const { loyalty, clock } = await shop(tenDays);
    await loyalty.earn({ ...member, order: order('ORDER123') });
    clock.at = noon + 10 * day;
    expect(await loyalty.redeem({ ...member, points: 1 })).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      available: 0,
    });
    expect((await loyalty.balance(member)).available).toBe(0);
  });

  // A: 12 months are 360 days.
  test('12 months are calendar months in the zone of the program', async () => {
    const { loyalty } = await shop({ expiry: { kind: 'after-earning', months: 12 } });
    const { expiresAt } = unwrap(await loyalty.earn({ ...member, order: order('ORDER123') }));
    expect(expiresAt).toBe('2027-01-15T06:30:00.000Z');
  });

  // A: checks the balance, then deducts: two requests at once both pass.
  test('of two requests for the same points one passes', async () => {
    const { loyalty } = await shop();
    await loyalty.earn({ ...member, order: order('ORDER123') });
    const both = await Promise.all([1, 2].map(() => loyalty.redeem({ ...member, points: 50 })));
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect((await loyalty.balance(member)).available).toBe(0);
  });

  // A: balance, log and order are written apart.
  test('balance, entries and order are written in one transaction, or none of them', async () => {
    const memory = memoryStore();
    let fails = false;
    let settles = 0;
    const settle = async (work: readonly Work[]): Promise<Settled[]> => {
      settles += 1;
      if (fails) throw new Error('connection lost');
      return memory.settle(work);
    };
    const { loyalty } = await shop({}, { ...memory, settle });
    await loyalty.adjust({ ...member, ...by, points: 100 });
    const { holdId } = unwrap(
      await loyalty.checkout.start({ ...member, order: order('ORDER124'), points: 30 }),
    );
    fails = true;
    await expect(loyalty.checkout.complete({ ...member, holdId })).rejects.toThrow('connection lost');
    expect(await loyalty.balance(member)).toMatchObject({ available: 70, held: 30, total: 100 });
    expect(await entriesOf(loyalty)).toEqual([['adjust', 100]]);
    fails = false;
    settles = 0;
    unwrap(await loyalty.checkout.complete({ ...member, holdId }));
    expect(settles).toBe(1);
    expect(await loyalty.balance(member)).toMatchObject({ available: 117, held: 0, total: 117 });
    expect(await entriesOf(loyalty)).toEqual([
      ['adjust', 100],
      ['redeem', -30],
      ['earn', 47],
    ]);
    expect(await loyalty.earn({ ...member, order: order('ORDER124') })).toMatchObject({
      code: 'ORDER_ALREADY_EARNED',
    });
  });

  // A: what is left to pay = total - points, as if a point were a rupee.
  test('what is left to pay is the total less the value of the points, exactly', async () => {
    const { loyalty } = await shop({ redeem: { valuePerPoint: '0.15' } });
    await loyalty.adjust({ ...member, ...by, points: 100 });
    expect(await loyalty.redeem({ ...member, order: order('ORDER124', '499.90'), points: 33 })).toMatchObject(
      {
        value: '4.95',
        amountDue: '494.95',
      },
    );
  });

  // A: points may exceed the total; the redemption maximum is promised, never enforced.
  test('points are capped by the maximum an order and by what is payable, in this order', async () => {
    const { loyalty } = await shop({ redeem: { maxPointsPerOrder: 500 } });
    await loyalty.adjust({ ...member, ...by, points: 1000 });
    const spend = (points: number) => loyalty.redeem({ ...member, order: order('ORDER124', '300'), points });
    expect(await spend(501)).toMatchObject({
      code: 'MAX_POINTS_PER_ORDER',
      limit: 300,
      limitedBy: 'payable',
    });
    expect(await spend(301)).toMatchObject({ code: 'EXCEEDS_PAYABLE', limit: 300 });
    expect(await spend(300)).toMatchObject({ ok: true, amountDue: '0.00' });
  });

  // A: zero or negative points to use give points.
  test('zero and negative points to use are refused as invalid', async () => {
    const { loyalty } = await shop();
    await loyalty.earn({ ...member, order: order('ORDER123') });
    for (const points of [0, -50]) {
      const spend = { ...member, order: order('ORDER124'), points };
      await expect(loyalty.redeem(spend)).rejects.toMatchObject({ code: 'INVALID_COMMAND', field: 'points' });
    }
    expect((await loyalty.balance(member)).available).toBe(50);
  });

  // A: a second redemption overwrites the first on the order; an order can earn twice.
  test('redemptions on an order add up, and an order earns once', async () => {
    const { loyalty } = await shop();
    await loyalty.adjust({ ...member, ...by, points: 100 });
    const spend = (points: number, idempotencyKey: string) =>
      loyalty.redeem({ ...member, order: order('ORDER124'), points, idempotencyKey });
    await spend(30, 'first');
    expect(await spend(20, 'second')).toMatchObject({ amountDue: '450.00' });
    expect(await loyalty.earn({ ...member, order: order('ORDER124') })).toMatchObject({ points: 45 });
    expect(await loyalty.earn({ ...member, order: order('ORDER124') })).toMatchObject({
      points: 45,
      replayed: true,
    });
    const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'ORDER124', reason: 'return' }));
    expect(refunded).toMatchObject({ pointsRestored: 50, pointsClawedBack: 45, balance: { available: 100 } });
  });

  // A: unpaid orders earn; the part paid with points earns.
  test('only paid orders earn, and only on the part paid in money', async () => {
    const { loyalty } = await shop();
    await loyalty.adjust({ ...member, ...by, points: 100 });
    for (const paymentStatus of ['pending', 'failed'] as const) {
      const earned = loyalty.earn({ ...member, order: { ...order('ORDER124'), paymentStatus } });
      expect(await earned).toMatchObject({ code: 'ORDER_NOT_PAID', paymentStatus });
    }
    await loyalty.redeem({ ...member, order: order('ORDER124'), points: 100 });
    expect(await loyalty.earn({ ...member, order: order('ORDER124') })).toMatchObject({ points: 40 });
  });

  // A: nothing undoes a failed payment or a return.
  test('a failed payment gives the held points back, and a return undoes what the order did', async () => {
    const { loyalty } = await shop();
    await loyalty.adjust({ ...member, ...by, points: 100 });
    const checkout = { ...member, order: order('ORDER124'), points: 100 };
    const first = unwrap(await loyalty.checkout.start(checkout));
    expect(first.balance.available).toBe(0);
    expect(unwrap(await loyalty.checkout.cancel({ ...member, holdId: first.holdId })).balance.available).toBe(
      100,
    );
    const { holdId } = unwrap(await loyalty.checkout.start(checkout));
    expect(unwrap(await loyalty.checkout.complete({ ...member, holdId })).balance.available).toBe(40);
    const back = unwrap(await loyalty.refund({ ...member, orderId: 'ORDER124', reason: 'return' }));
    expect(back).toMatchObject({ moneyBack: '400.00', balance: { available: 100 } });
  });

  // A: editing the rule changes history; without a rule everything crashes.
  test('a new version changes no past entry, and without one a command is refused', async () => {
    const { loyalty, clock } = await shop();
    await loyalty.earn({ ...member, order: order('ORDER123') });
    clock.at = noon + day;
    await loyalty.programs.publish(milesProgram({ earn: { points: 3 } }));
    expect(await loyalty.earn({ ...member, order: order('ORDER124') })).toMatchObject({ points: 150 });
    expect(await loyalty.refund({ ...member, orderId: 'ORDER123', reason: 'return' })).toMatchObject({
      pointsClawedBack: 50,
    });
    const nowhere = { programId: 'none', customerId: 'sachin', order: order('A') };
    expect(await loyalty.earn(nowhere)).toMatchObject({ ok: false, code: 'NO_ACTIVE_PROGRAM' });
  });

  // A: a user who never earned cannot be read.
  test('a customer who never earned has a balance of zero', async () => {
    const { loyalty } = await shop();
    expect(await loyalty.balance(member)).toMatchObject({ available: 0, total: 0, nextExpiry: null });
  });

  // A: a manual correction cannot be negative, has no actor and no expiry.
  test('a correction is signed, and has a reason, an actor and an end where it wants one', async () => {
    const { loyalty } = await shop();
    const expiresAt = new Date(noon + day);
    await loyalty.adjust({ ...member, ...by, points: 100, expiresAt });
    const taken = unwrap(await loyalty.adjust({ ...member, ...by, points: -20 }));
    expect(taken.entries[0]).toMatchObject({ points: -20, actor: 'anita', reasonCode: 'promotion' });
    expect((await loyalty.balance(member)).nextExpiry).toEqual({ points: 80, at: expiresAt.toISOString() });
    const anonymous = { ...member, points: 20, reasonCode: 'promotion' } as never;
    await expect(loyalty.adjust(anonymous)).rejects.toMatchObject({ field: 'actor' });
  });

  // A: the example shows 150 left after +50 -30 -20.
  test('a statement states its opening balance: 150 + 50 - 30 - 20 = 150', async () => {
    const { loyalty, clock } = await shop();
    await loyalty.adjust({ ...member, ...by, points: 20, expiresAt: new Date(noon + 3 * day) });
    await loyalty.adjust({ ...member, ...by, points: 130, expiresAt: new Date(noon + 90 * day) });
    clock.at = noon + day;
    await loyalty.earn({ ...member, order: order('ORDER123') });
    clock.at = noon + 2 * day;
    const left = { ...member, order: order('ORDER124'), points: 30 };
    await loyalty.redeem(left);
    clock.at = noon + 4 * day;
    const { opening, entries, closing } = await loyalty.statement(member, { from: new Date(noon + day) });
    expect(entries[0]).toMatchObject({ kind: 'earn', points: 50, orderId: 'ORDER123' });
    expect(opening).toBe(150);
    expect(entries.reduce((sum, { points }) => sum + points, opening)).toBe(closing);
    expect((await loyalty.balance(member)).total).toBe(closing);
  });

  // A: deleting a user deletes the ledger.
  test('nothing deletes history', async () => {
    const { loyalty, clock } = await shop(tenDays);
    await loyalty.earn({ ...member, order: order('ORDER123') });
    await loyalty.refund({ ...member, orderId: 'ORDER123', reason: 'account closed' });
    await loyalty.earn({ ...member, order: order('ORDER124') });
    clock.at = noon + 10 * day;
    await loyalty.jobs.expirePoints();
    expect((await loyalty.balance(member)).total).toBe(0);
    expect(await entriesOf(loyalty)).toEqual([
      ['earn', 50],
      ['claw-back', -50],
      ['earn', 50],
      ['expire', -50],
    ]);
    const commands = [loyalty, ...Object.values(loyalty).filter((part) => typeof part === 'object')];
    expect(
      commands.flatMap((part) => Object.keys(part)).filter((name) => /delete|remove|erase|purge/i.test(name)),
    ).toEqual([]);
  });
});

describe('B', () => {
  // B: read, add, write, without a lock.
  test('a hundred earnings at once are all counted', async () => {
    const { loyalty } = await shop();
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => loyalty.earn({ ...member, order: order(`O${index}`, '10') })),
    );
    expect((await loyalty.balance(member)).available).toBe(100);
    expect((await loyalty.verify(member)).problems).toEqual([]);
  });

  // B: read, add, write, without a lock.
  test('of two hundred stamps at once inside a cooldown one is given', async () => {
    const { loyalty } = await stampShop({ cooldownMinutes: 60 });
    const stamped = await Promise.all(Array.from({ length: 200 }, () => loyalty.stamp(member)));
    expect(stamped.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await loyalty.cards.get(member)).stamps).toMatchObject({ count: 1 });
  });

  // B: redeem(-n) gives points, void(-n) adds points.
  test('negative points are refused as invalid by every command that takes points', async () => {
    const { loyalty } = await shop();
    await loyalty.earn({ ...member, order: order('ORDER123') });
    const invalid = { code: 'INVALID_COMMAND', field: 'points' };
    await expect(loyalty.redeem({ ...member, points: -5 })).rejects.toMatchObject(invalid);
    await expect(loyalty.hold({ ...member, points: -5 })).rejects.toMatchObject(invalid);
    await expect(loyalty.capture({ ...member, holdId: 'h', points: -5 })).rejects.toMatchObject(invalid);
    await expect(loyalty.reverse({ ...member, entry: 1, points: -5, reason: 'x' })).rejects.toMatchObject(
      invalid,
    );
    const gift = { source: { type: 'gift', id: '1' }, reason: 'gift' };
    await expect(loyalty.award({ ...member, points: -5, ...gift })).rejects.toMatchObject(invalid);
    const refund = { ...member, orderId: 'ORDER123', amount: '-5', reason: 'return' };
    await expect(loyalty.refund(refund)).rejects.toMatchObject({ field: 'amount' });
    for (const stamps of [0, -1])
      await expect(loyalty.stamp({ ...member, stamps })).rejects.toMatchObject({ field: 'stamps' });
    const back = { ...member, entry: -1, reason: 'return' };
    await expect(loyalty.voidStamp(back)).rejects.toMatchObject({ field: 'entry' });
    expect((await loyalty.balance(member)).available).toBe(50);
  });

  // B: a void clamps at 0 and the shortfall vanishes; it can be repeated; it has no link to the order.
  test('a return names its order, happens once, and its shortfall is on record', async () => {
    const { loyalty } = await shop();
    await loyalty.earn({ ...member, order: order('ORDER123') });
    await loyalty.redeem({ ...member, points: 40 });
    const back = { ...member, orderId: 'ORDER123', reason: 'return' };
    expect(await loyalty.refund(back)).toMatchObject({
      pointsClawedBack: 50,
      debt: 40,
      balance: { debt: 40 },
    });
    expect(await loyalty.refund(back)).toMatchObject({ replayed: true, balance: { debt: 40 } });
    expect(await loyalty.refund({ ...back, amount: '1' })).toMatchObject({ code: 'ORDER_FULLY_REFUNDED' });
    expect(await loyalty.refund({ ...back, orderId: 'none' })).toMatchObject({ code: 'ORDER_NOT_FOUND' });
    expect(await loyalty.earn({ ...member, order: order('ORDER124', '600') })).toMatchObject({
      balance: { available: 20, debt: 0 },
    });
  });

  // B: a return moves the inactivity clock.
  test('a return does not move the inactivity clock', async () => {
    const { loyalty, clock } = await shop({ expiry: { kind: 'inactivity', days: 10 } });
    await loyalty.earn({ ...member, order: order('ORDER123') });
    clock.at = noon + 9 * day;
    await loyalty.refund({ ...member, orderId: 'ORDER123', amount: '100', reason: 'return' });
    clock.at = noon + 10 * day;
    expect((await loyalty.balance(member)).available).toBe(0);
    expect((await loyalty.jobs.expirePoints()).expired).toBe(40);
  });

  // B: a card that was never used never expires, its last activity being NULL.
  test('a card without activity counts its inactivity from enrolment', async () => {
    const { loyalty, clock } = await shop({ expiry: { kind: 'inactivity', days: 10 } });
    await loyalty.award({ ...member, points: 50, source: { type: 'gift', id: '1' }, reason: 'gift' });
    clock.at = noon + 10 * day - 1;
    expect((await loyalty.balance(member)).available).toBe(50);
    clock.at = noon + 10 * day;
    expect((await loyalty.balance(member)).available).toBe(0);
    expect((await loyalty.jobs.expirePoints()).expired).toBe(50);
  });

  // B: expiring writes no entry; earned - redeemed differs from the balance.
  test('every change is an entry, and the lifetime figures add up to the balance', async () => {
    const { loyalty, clock } = await shop({ ...tenDays, welcomeBonus: 5 });
    await loyalty.earn({ ...member, order: order('ORDER123') });
    await loyalty.redeem({ ...member, points: 15 });
    await loyalty.adjust({ ...member, ...by, points: 7, expiresAt: new Date(noon + 90 * day) });
    await loyalty.refund({ ...member, orderId: 'ORDER123', amount: '100', reason: 'return' });
    clock.at = noon + 10 * day;
    await loyalty.jobs.expirePoints();
    const { total, lifetime } = await loyalty.balance(member);
    expect(lifetime).toEqual({ earned: 55, redeemed: 15, expired: 30, adjusted: 7, reversed: -10 });
    expect(
      lifetime.earned - lifetime.redeemed - lifetime.expired + lifetime.adjusted + lifetime.reversed,
    ).toBe(total);
    expect(await loyalty.verify()).toMatchObject({ ok: true, entries: 6 });
  });

  // B: naive and aware times are mixed; clock skew gives negative waits.
  test('times are instants with a zone, and a clock that is set back stands still', async () => {
    const { loyalty, clock } = await shop();
    const naive = { ...member, order: order('ORDER123'), occurredAt: '2026-01-15T12:00:00' };
    await expect(loyalty.earn(naive)).rejects.toMatchObject({ field: 'occurredAt' });
    const zoned = unwrap(await loyalty.earn({ ...naive, occurredAt: '2026-01-15T12:00:00+05:30' }));
    expect(zoned.entries[0]?.occurredAt).toBe(new Date(noon).toISOString());
    const { expiresAt, holdId } = unwrap(await loyalty.hold({ ...member, points: 20, holdMinutes: 10 }));
    clock.at = noon - day;
    const later = unwrap(await loyalty.earn({ ...member, order: order('ORDER124') }));
    expect(later.entries[0]?.recordedAt).toBe(new Date(noon).toISOString());
    expect(expiresAt).toBe(new Date(noon + 10 * minute).toISOString());
    expect(await loyalty.capture({ ...member, holdId })).toMatchObject({ ok: true, points: 20 });
  });

  // B: an inactive card still works; the minimum redemption is never checked.
  test('an inactive card earns and spends nothing, and the minimum redemption is enforced', async () => {
    const { loyalty } = await shop({ redeem: { minPoints: 20 } });
    await loyalty.earn({ ...member, order: order('ORDER123') });
    expect(await loyalty.redeem({ ...member, points: 19 })).toMatchObject({
      code: 'BELOW_MIN_POINTS',
      minPoints: 20,
    });
    expect(await loyalty.redeem({ ...member, points: 20 })).toMatchObject({ ok: true });
    unwrap(await loyalty.cards.deactivate({ ...member, reason: 'lost', actor: 'anita' }));
    expect(await loyalty.earn({ ...member, order: order('ORDER124') })).toMatchObject({
      code: 'CARD_INACTIVE',
    });
    expect(await loyalty.redeem({ ...member, points: 20 })).toMatchObject({ code: 'CARD_INACTIVE' });
    expect(await loyalty.stamp(member)).toMatchObject({ code: 'CARD_INACTIVE' });
    expect((await loyalty.balance(member)).total).toBe(30);
  });

  // B: that the welcome bonus is given once is not proven.
  test('the welcome bonus is given exactly once, however many first uses come at once', async () => {
    const { loyalty } = await shop({ welcomeBonus: 100 });
    await Promise.all([
      loyalty.checkout.start({ ...member, order: order('ORDER124'), points: 0 }),
      ...Array.from({ length: 20 }, (_, index) =>
        loyalty.earn({ ...member, order: order(`O${index}`, '10') }),
      ),
      loyalty.adjust({ ...member, ...by, points: 1 }),
    ]);
    expect((await entriesOf(loyalty)).filter(([kind]) => kind === 'welcome')).toEqual([['welcome', 100]]);
    expect((await loyalty.balance(member)).available).toBe(121);
  });

  // B: a cooldown answers "wait 0 minutes".
  test('a stamp inside the cooldown is told the instant to try again, in seconds rounded up', async () => {
    const { loyalty, clock } = await stampShop({ cooldownMinutes: 60 });
    await loyalty.stamp(member);
    clock.at = noon + hour - 1;
    expect(await loyalty.stamp(member)).toMatchObject({
      code: 'COOLDOWN_ACTIVE',
      retryAt: new Date(noon + hour).toISOString(),
      retryAfterSeconds: 1,
    });
    clock.at = noon + hour;
    expect(await loyalty.stamp(member)).toMatchObject({ ok: true, stamps: 2 });
  });

  // B: adding a stamp looks at no cooldown, which only a caller may ask for; there is no limit a day.
  test('the stamp itself looks at the cooldown and at the daily limit', async () => {
    const { loyalty, clock } = await stampShop({ cooldownMinutes: 60, maxPerDay: 2 });
    await loyalty.stamp(member);
    expect(await loyalty.stamp(member)).toMatchObject({ code: 'COOLDOWN_ACTIVE' });
    clock.at = noon + hour;
    await loyalty.stamp(member);
    clock.at = noon + 2 * hour;
    expect(await loyalty.stamp(member)).toMatchObject({
      code: 'DAILY_STAMP_LIMIT',
      limit: 2,
      stampsLeft: 0,
      day: '2026-01-15',
      resetsAt: '2026-01-15T18:30:00.000Z',
    });
    clock.at = Date.parse('2026-01-15T18:30:00Z');
    expect(await loyalty.stamp(member)).toMatchObject({ ok: true, stamps: 3 });
  });

  // B: clock skew gives negative waits.
  test('a till whose clock is behind the last stamp waits, and never a negative time', async () => {
    const { loyalty, clock } = await stampShop({ cooldownMinutes: 60 });
    clock.at = noon + 2 * hour;
    await loyalty.stamp(member);
    clock.at = noon;
    expect(await loyalty.stamp(member)).toMatchObject({ code: 'COOLDOWN_ACTIVE', retryAfterSeconds: 3600 });
    const early = { ...member, occurredAt: new Date(noon + hour + 1) };
    expect(await loyalty.stamp(early)).toMatchObject({
      retryAt: new Date(noon + 3 * hour).toISOString(),
      retryAfterSeconds: 7200,
    });
  });

  // B: how many stamps are missing is always unknown.
  test('how many stamps are missing until a reward is said by each stamp and by the card', async () => {
    const { loyalty } = await stampShop({ target: 3 });
    expect(await loyalty.stamp(member)).toMatchObject({ stamps: 1, untilReward: 2, rewardsReady: 0 });
    await loyalty.stamp(member);
    expect(await loyalty.stamp(member)).toMatchObject({ stamps: 3, untilReward: 0, rewardsReady: 1 });
    expect((await loyalty.cards.get(member)).stamps).toEqual({
      count: 3,
      target: 3,
      untilReward: 0,
      rewardsReady: 1,
    });
  });

  // B: a target of 0 gives rewards for nothing.
  test('a reward needs stamps: a target of 0 is no program, and too few stamps redeem nothing', async () => {
    await expect(stampShop({ target: 0 })).rejects.toMatchObject({ field: 'stamps.target' });
    const { loyalty } = await stampShop({ target: 2 });
    expect(await loyalty.redeemStamps(member)).toMatchObject({ code: 'NOT_ENOUGH_STAMPS', missing: 2 });
    await loyalty.stamp(member);
    expect(await loyalty.redeemStamps(member)).toMatchObject({ code: 'NOT_ENOUGH_STAMPS', missing: 1 });
  });

  // B: a card's number has no check digit.
  test('a card number with one wrong digit or two swapped ones is refused before any look-up', async () => {
    const { loyalty } = await shop();
    const { cardNumber } = unwrap(await loyalty.cards.enroll(member));
    const digits = parseInput(cardNumberSchema, cardNumber);
    expect((await loyalty.balance({ cardNumber: digits })).total).toBe(0);
    const wrong = `${digits.slice(0, 11)}${(Number(digits[11]) + 1) % 10}`;
    await expect(loyalty.balance({ cardNumber: wrong })).rejects.toMatchObject({ field: 'cardNumber' });
    const place = [...digits].findIndex((digit, index) => digit !== digits[index + 1]);
    const swapped = `${digits.slice(0, place)}${digits[place + 1]}${digits[place]}${digits.slice(place + 2)}`;
    await expect(loyalty.balance({ cardNumber: swapped })).rejects.toMatchObject({ field: 'cardNumber' });
  });

  // B: a number that is taken is not tried again.
  test('where a new card draws a number that is taken, it draws again', async () => {
    let same = 4;
    const bytes = (count: number) =>
      same-- > 0 ? new Uint8Array(count).fill(7) : globalThis.crypto.getRandomValues(new Uint8Array(count));
    const loyalty = createLoyalty({ store: memoryStore(), ids: { ...randomIds, bytes } });
    await loyalty.programs.publish(milesProgram());
    const first = unwrap(await loyalty.cards.enroll(member));
    const second = unwrap(await loyalty.cards.enroll({ ...member, customerId: 'rahul' }));
    expect(same).toBeLessThan(0);
    expect(second.cardNumber).not.toBe(first.cardNumber);
    expect((await loyalty.cards.get({ cardNumber: first.cardNumber })).customerId).toBe('sachin');
  });

  // B: QR tokens are compared as texts and never rotated.
  test('a QR token is good until it is rotated, and half of one finds nothing', async () => {
    const { loyalty } = await stampShop();
    await loyalty.cards.enroll(member);
    const { qrToken } = await loyalty.cards.get(member);
    expect(await loyalty.stamp({ qrToken })).toMatchObject({ ok: true });
    const forged = `${qrToken.slice(0, 16)}${'A'.repeat(16)}`;
    expect(await loyalty.stamp({ qrToken: forged })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    unwrap(await loyalty.cards.rotateQr({ ...member, reason: 'photographed' }));
    expect(await loyalty.stamp({ qrToken })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    const rotated = (await loyalty.cards.get(member)).qrToken;
    expect(await loyalty.stamp({ qrToken: rotated })).toMatchObject({ ok: true, stamps: 2 });
    const { entries } = await loyalty.statement(member);
    for (const token of [qrToken, rotated]) expect(JSON.stringify(entries)).not.toContain(token);
  });
});

describe('what B asks for', () => {
  const [bandra, heathrow] = [{ locationId: 'bandra' }, { locationId: 'heathrow' }];

  /** A company with a location in Bandra and one at Heathrow, whose cards have stamps, a bonus and points that inactivity ends. */
  async function company() {
    const clock = { at: noon, now: () => clock.at };
    const loyalty = createLoyalty({ store: memoryStore(), clock, pins: countingHasher().hasher });
    await loyalty.merchants.register({ id: 'cathay', name: 'Cathay' });
    for (const [id, timeZone] of [
      ['bandra', 'Asia/Kolkata'],
      ['heathrow', 'Europe/London'],
    ] as const)
      await loyalty.locations.register({ merchantId: 'cathay', id, name: id, timeZone });
    const rules: Differences = {
      expiry: { kind: 'inactivity', days: 30 },
      welcomeBonus: 25,
      redeem: { minPoints: 10 },
    };
    const stamps = coffeeStamps({ target: 2, cooldownMinutes: 60, maxPerDay: 2 });
    await loyalty.programs.publish(milesProgram(rules, { stamps }));
    return { loyalty, clock };
  }

  test('one card of a company works at every location, and where it was enrolled is kept', async () => {
    const { loyalty, clock } = await company();
    const { cardId } = unwrap(await loyalty.cards.enroll({ ...member, ...bandra }));
    expect(await loyalty.stamp({ ...member, ...heathrow })).toMatchObject({ cardId, stamps: 1 });
    clock.at += hour;
    expect(await loyalty.stamp({ ...member, ...bandra })).toMatchObject({ cardId, stamps: 2 });
    expect(await loyalty.redeemStamps({ ...member, ...heathrow })).toMatchObject({ ok: true });
    expect(await loyalty.cards.get(member)).toMatchObject({ cardId, enrolledLocationId: 'bandra' });
  });

  test("the platform's admin sets what a merchant's staff and customers may do, and commands keep to it", async () => {
    const { loyalty } = await company();
    await loyalty.merchants.configure({
      merchantId: 'cathay',
      settings: { selfEnrolment: false, crossLocationRedemption: false },
      actor: 'admin',
    });
    expect(await loyalty.cards.enroll({ ...member, self: true })).toMatchObject({
      code: 'SELF_ENROLMENT_OFF',
    });
    await loyalty.cards.enroll({ ...member, ...bandra });
    expect(await loyalty.redeem({ ...member, ...heathrow, points: 10 })).toMatchObject({
      code: 'OTHER_LOCATION',
    });
    expect(await loyalty.redeem({ ...member, ...bandra, points: 10 })).toMatchObject({ ok: true });
    expect((await loyalty.merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      actor: 'admin',
      subject: 'settings',
    });
  });

  test('a card says its number, its token, its counters and when it was last used for what', async () => {
    const { loyalty, clock } = await company();
    await loyalty.stamp({ ...member, ...bandra });
    clock.at = noon + hour;
    await loyalty.earn({ ...member, order: order('ORDER123') });
    clock.at = noon + 2 * hour;
    await loyalty.stamp(member);
    await loyalty.redeemStamps(member);
    const at = (hours: number) => new Date(noon + hours * hour).toISOString();
    expect(await loyalty.cards.get(member)).toMatchObject({
      cardNumber: expect.stringMatching(/^\d{4}-\d{4}-\d{4}$/),
      qrToken: expect.stringMatching(/^[\w-]{32}$/),
      status: 'active',
      points: { available: 75 },
      stamps: { count: 0, target: 2, untilReward: 2, rewardsReady: 0 },
      lifetime: { pointsEarned: 75, pointsRedeemed: 0, stampsEarned: 2, rewardsRedeemed: 1 },
      lastStampAt: at(2),
      lastPointsAt: at(1),
      lastRedemptionAt: at(2),
      lastActivityAt: at(2),
    });
  });

  test('a customer has one card a company, however often and however many at once they enrol', async () => {
    const { loyalty } = await company();
    const made = await Promise.all(Array.from({ length: 50 }, () => loyalty.cards.enroll(member)));
    expect(new Set(made.map((one) => unwrap(one).cardId)).size).toBe(1);
    expect(made.filter((one) => !unwrap(one).alreadyEnrolled)).toHaveLength(1);
    expect(await entriesOf(loyalty)).toEqual([['welcome', 25]]);
  });

  test('staff confirm with a PIN that is good at every location, and five wrong ones lock it', async () => {
    const { loyalty } = await company();
    const settings = { staffPin: { stamp: 'required' as const } };
    await loyalty.merchants.configure({ merchantId: 'cathay', settings, actor: 'admin' });
    const ravi = { merchantId: 'cathay', id: 'ravi', name: 'Ravi', role: 'cashier', actor: 'admin' };
    await loyalty.staff.register({ ...ravi, pin: '482913' });
    const by = (pin: string) => ({ ...member, staff: { staffId: 'ravi', pin, terminalId: 'till-1' } });
    expect(await loyalty.stamp(member)).toMatchObject({ code: 'PIN_REQUIRED' });
    expect(await loyalty.stamp({ ...by('482913'), ...bandra })).toMatchObject({ ok: true });
    expect(await loyalty.stamp({ ...by('482913'), ...heathrow })).toMatchObject({ code: 'COOLDOWN_ACTIVE' });
    for (let wrong = 1; wrong < 5; wrong += 1)
      expect(await loyalty.stamp(by('111119'))).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 5 - wrong });
    await loyalty.stamp(by('111119'));
    expect(await loyalty.stamp(by('482913'))).toMatchObject({ code: 'PIN_LOCKED' });
  });

  test('a daily job ends what inactivity has ended, as entries that the statement and the statistics count', async () => {
    const { loyalty, clock } = await company();
    await loyalty.earn({ ...member, ...bandra, order: order('ORDER123') });
    clock.at = noon + 30 * day;
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, expired: 75 });
    const newestFirst = { order: 'newest-first' as const };
    expect((await loyalty.statement(member, newestFirst)).entries).toMatchObject([
      { kind: 'expire', cause: 'inactivity' },
      { kind: 'expire', cause: 'inactivity' },
      { kind: 'earn', points: 50 },
      { kind: 'welcome', points: 25 },
    ]);
    expect(await loyalty.statistics({ merchantId: 'cathay' })).toMatchObject({
      cards: { total: 1, active: 1 },
      points: { issued: 75, expired: 75, outstanding: 0 },
    });
  });

  test('whether a card can be stamped, and how many stamps are missing, are functions of their own', () => {
    expect(checkCooldown([noon], noon + hour - 1, 60)).toEqual({
      retryAt: noon + hour,
      retryAfterSeconds: 1,
    });
    expect(checkCooldown([noon], noon + hour, 60)).toBeNull();
    expect(stampsUntilReward(7, 10)).toBe(3);
  });
});
