import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { givePoints, shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const order = { id: 'A', total: '500' };

/** Holds, captures and releases. */
export const holdFacts: Facts = factsIn(shopWithPoints(100), {
  'held points are neither available nor gone': async ({ loyalty }, expect) => {
    const held = unwrap(await loyalty.hold({ ...member, order, points: 30 }));
    expect(held).toMatchObject({
      points: 30,
      value: '30.00',
      amountDue: '470.00',
      willEarn: 47,
      expiresAt: '2026-01-15T10:15:00.000Z',
      entries: [],
      balance: { available: 70, held: 30, total: 100 },
    });
    expect(await loyalty.redeem({ ...member, points: 71 })).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      available: 70,
    });
    const { holdId } = held;
    const captured = unwrap(await loyalty.capture({ ...member, holdId }));
    expect(captured).toMatchObject({
      points: 30,
      value: '30.00',
      balance: { available: 70, held: 0, total: 70 },
    });
    expect(captured.entries).toMatchObject([{ kind: 'redeem', points: -30, holdId, orderId: 'A' }]);
  },

  'capturing again replays, releasing afterwards is refused': async ({ loyalty }, expect) => {
    const { holdId } = unwrap(await loyalty.hold({ ...member, points: 30 }));
    const first = unwrap(await loyalty.capture({ ...member, holdId }));
    expect(await loyalty.capture({ ...member, holdId })).toEqual({ ...first, replayed: true });
    const other = await loyalty.capture({ ...member, holdId, idempotencyKey: 'new' });
    expect(other).toEqual({ ...first, replayed: true });
    expect(await loyalty.capture({ ...member, holdId, points: 10, idempotencyKey: 'newer' })).toMatchObject({
      ok: false,
    });
    expect(await loyalty.release({ ...member, holdId })).toMatchObject({ code: 'HOLD_ALREADY_CAPTURED' });
  },

  'releasing frees the points, again replays, and capturing afterwards is refused': async (
    { loyalty },
    expect,
  ) => {
    const { holdId } = unwrap(await loyalty.hold({ ...member, points: 30 }));
    const first = unwrap(await loyalty.release({ ...member, holdId }));
    expect(first).toMatchObject({ points: 30, balance: { available: 100, held: 0 } });
    expect(await loyalty.release({ ...member, holdId })).toEqual({ ...first, replayed: true });
    expect(await loyalty.release({ ...member, holdId, idempotencyKey: 'new' })).toMatchObject({ ok: true });
    expect(await loyalty.capture({ ...member, holdId })).toMatchObject({ code: 'HOLD_ALREADY_RELEASED' });
  },

  'capturing fewer points gives the rest back': async ({ loyalty }, expect) => {
    const { holdId } = unwrap(await loyalty.hold({ ...member, order, points: 30 }));
    expect(await loyalty.capture({ ...member, holdId, points: 31 })).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      limit: 30,
    });
    const captured = unwrap(await loyalty.capture({ ...member, holdId, points: 10 }));
    expect(captured).toMatchObject({ points: 10, value: '10.00', balance: { available: 90, held: 0 } });
  },

  'a hold past its time counts as released without any job': async ({ loyalty, clock }, expect) => {
    unwrap(await loyalty.hold({ ...member, points: 30, holdMinutes: 10 }));
    clock.advance({ minutes: 9 });
    expect(await loyalty.balance(member)).toMatchObject({ available: 70, held: 30 });
    clock.advance({ minutes: 1 });
    expect(await loyalty.balance(member)).toMatchObject({ available: 100, held: 0 });
    expect(await loyalty.redeem({ ...member, points: 100 })).toMatchObject({ ok: true });
  },

  'a late capture succeeds while the points are there, else the hold has expired': async (
    { loyalty, clock },
    expect,
  ) => {
    const one = unwrap(await loyalty.hold({ ...member, points: 60, holdMinutes: 1 }));
    clock.advance({ hours: 1 });
    const two = unwrap(await loyalty.hold({ ...member, points: 60, holdMinutes: 1 }));
    clock.advance({ hours: 1 });
    expect(await loyalty.capture({ ...member, holdId: one.holdId })).toMatchObject({ ok: true, points: 60 });
    expect(await loyalty.capture({ ...member, holdId: two.holdId })).toMatchObject({
      ok: false,
      code: 'HOLD_EXPIRED',
    });
  },

  'an unknown hold is refused': async ({ loyalty }, expect) => {
    for (const command of [
      loyalty.capture,
      loyalty.release,
      loyalty.checkout.complete,
      loyalty.checkout.cancel,
    ]) {
      expect(await command({ ...member, holdId: 'nothing' })).toMatchObject({
        ok: false,
        code: 'HOLD_NOT_FOUND',
      });
    }
  },

  'held points outlive their expiry, and expire once they are free again': async (
    { loyalty, clock },
    expect,
  ) => {
    await givePoints(loyalty, 'short', 50, '2026-01-15T10:05:00.000Z');
    const { holdId } = unwrap(await loyalty.hold({ ...member, points: 50, holdMinutes: 60 }));
    clock.advance({ minutes: 10 });
    await loyalty.jobs.expirePoints();
    expect(await loyalty.balance(member)).toMatchObject({ available: 100, held: 50, total: 150 });
    unwrap(await loyalty.release({ ...member, holdId }));
    expect(await loyalty.balance(member)).toMatchObject({ available: 100, held: 0, total: 100 });
    await loyalty.jobs.expirePoints();
    const { entries } = await ledgerOf(loyalty, member);
    expect(entries.at(-1)).toMatchObject({
      kind: 'expire',
      points: -50,
      occurredAt: '2026-01-15T10:05:00.000Z',
    });
  },

  'of a lot past its end only what is held lives on, and the job writes the rest off': async (
    { loyalty, clock },
    expect,
  ) => {
    await givePoints(loyalty, 'short', 50, '2026-01-15T10:05:00.000Z');
    unwrap(await loyalty.hold({ ...member, points: 20, holdMinutes: 60 }));
    clock.advance({ minutes: 10 });
    const before = await loyalty.balance(member);
    expect(before).toMatchObject({ available: 100, held: 20, total: 120 });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ expired: 30 });
    const { lifetime: _written, ...after } = await loyalty.balance(member);
    expect(before).toMatchObject(after);
    expect(await loyalty.redeem({ ...member, points: 101 })).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      available: 100,
    });
    expect(await loyalty.redeem({ ...member, points: 100 })).toMatchObject({
      ok: true,
      balance: { available: 0 },
    });
  },

  'a held lot past its end can still be captured': async ({ loyalty, clock }, expect) => {
    await givePoints(loyalty, 'short', 50, '2026-01-15T10:05:00.000Z');
    const { holdId } = unwrap(await loyalty.hold({ ...member, points: 50, holdMinutes: 60 }));
    clock.advance({ minutes: 10 });
    const captured = unwrap(await loyalty.capture({ ...member, holdId }));
    expect(captured.entries).toMatchObject([{ kind: 'redeem', lots: [{ lot: 2, points: -50 }] }]);
  },
});
