import { describe, expect, test } from 'vitest';
import { Desk, day, member, milesVersion, noon } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { parseInput } from './command.ts';
import { earn } from './earn.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';

const order = { id: 'ORDER123', total: '500' };
const iso = (at: number) => new Date(at).toISOString();

describe('earning on an order', () => {
  test('500 rupees earn 50 points, as a lot with its own expiry', () => {
    const desk = new Desk(milesVersion({ expiry: { kind: 'after-earning', months: 12 } }));
    const earned = desk.ok(earn, { order, locationId: 'fort', actor: 'till-1', metadata: { b: 1, a: 2 } });
    expect(earned).toMatchObject({
      points: 50,
      orderId: 'ORDER123',
      pending: false,
      availableAt: null,
      expiresAt: '2027-01-15T06:30:00.000Z',
      replayed: false,
    });
    expect(earned.balance).toMatchObject({ available: 50, total: 50 });
    expect(earned.entries).toHaveLength(1);
    expect(earned.entries[0]).toMatchObject({
      seq: 1,
      kind: 'earn',
      points: 50,
      balanceAfter: 50,
      occurredAt: iso(noon),
      recordedAt: iso(noon),
      locationId: 'fort',
      actor: 'till-1',
      metadata: { a: 2, b: 1 },
      lot: { points: 50, expiresAt: '2027-01-15T06:30:00.000Z', byInactivity: false, availableAt: null },
    });
    expect(earned.explanation.map(({ rule }) => rule)).toEqual(['basis', 'rate']);
  });

  test('zero points is a success with an explanation and no entry, and the order has earned', () => {
    const desk = new Desk();
    const earned = desk.ok(earn, { order: { id: 'ORDER123', total: '9.99' } });
    expect(earned).toMatchObject({ points: 0, entries: [] });
    expect(earned.explanation.at(-1)).toMatchObject({ rule: 'rate', out: 0 });
    expect(desk.refused(earn, { order }).code).toBe('ORDER_ALREADY_EARNED');
  });

  test('the part paid with points earns nothing', () => {
    const desk = new Desk();
    desk.ok(adjust, { points: 100, reasonCode: 'promotion', actor: 'anita' });
    desk.ok(redeem, { order, points: 30 });
    expect(desk.ok(earn, { order }).points).toBe(47);
  });

  test('an order that happened before counts by its own time, and both times are kept', () => {
    const desk = new Desk(milesVersion({ expiry: { kind: 'after-earning', days: 10 } }));
    const earned = desk.ok(earn, { order, occurredAt: new Date(noon - 3 * day) });
    expect(earned.expiresAt).toBe(iso(noon + 7 * day));
    expect(earned.entries[0]).toMatchObject({ occurredAt: iso(noon - 3 * day), recordedAt: iso(noon) });
  });

  test('by the version in force when it happened', () => {
    const before = milesVersion();
    const after = { ...milesVersion({ earn: { points: 2 } }), version: 2, effectiveFrom: noon - day };
    const desk = new Desk(before, after);
    const late = desk.ok(earn, { order, occurredAt: new Date(noon - day - 1) });
    expect([late.points, late.entries[0]?.programVersion]).toEqual([50, 1]);
    const now = desk.ok(earn, { order: { ...order, id: 'ORDER124' } });
    expect([now.points, now.entries[0]?.programVersion]).toEqual([100, 2]);
  });

  test('pays debt first', () => {
    const desk = new Desk();
    desk.ok(adjust, { points: -20, allowDebt: true, reasonCode: 'correction', actor: 'anita' });
    const earned = desk.ok(earn, { order });
    expect(earned.entries[0]).toMatchObject({ points: 50, debt: -20, lot: { points: 30 }, balanceAfter: 30 });
    expect(earned.balance).toMatchObject({ available: 30, debt: 0 });
    expect(earned.explanation.at(-1)?.why).toBe('20 points repaid debt; 30 went to the card.');
  });

  test('makes no lot where debt takes it all', () => {
    const desk = new Desk();
    desk.ok(adjust, { points: -80, allowDebt: true, reasonCode: 'correction', actor: 'anita' });
    const earned = desk.ok(earn, { order });
    expect(earned.entries[0]).toMatchObject({ points: 50, debt: -50, lot: null });
    expect(earned.balance).toMatchObject({ available: 0, debt: 30, total: -30 });
  });
});

describe('the first use of a card', () => {
  const bonus = milesVersion({ welcomeBonus: 100 });

  test('gives the welcome bonus, once', () => {
    const desk = new Desk(bonus);
    const first = desk.ok(earn, { order });
    expect(first.entries.map(({ kind, points }) => [kind, points])).toEqual([
      ['welcome', 100],
      ['earn', 50],
    ]);
    expect(desk.ok(earn, { order: { id: 'ORDER124', total: '10' } }).entries).toHaveLength(1);
    expect(desk.state.card).toMatchObject({ balance: 151, enrolledAt: noon });
  });

  test('is not a refused one', () => {
    const desk = new Desk(bonus);
    desk.refused(earn, { order: { ...order, paymentStatus: 'failed' } });
    expect(desk.state.exists).toBe(false);
    expect(desk.ok(earn, { order }).entries[0]?.kind).toBe('welcome');
  });

  test('is refused where enrolment is explicit', () => {
    expect(new Desk(milesVersion({}, { enrolment: 'explicit' })).refused(earn, { order }).code).toBe(
      'CARD_NOT_FOUND',
    );
  });
});

describe('the most a card may hold', () => {
  test('cuts down what an order earns, and says so', () => {
    const desk = new Desk(milesVersion({ maxBalance: 70 }));
    desk.ok(earn, { order });
    const second = desk.ok(earn, { order: { id: 'ORDER124', total: '500' } });
    expect(second.points).toBe(20);
    expect(second.explanation.at(-1)?.why).toBe('The balance may not pass 70: 20 of 50 points fit.');
    expect(desk.ok(earn, { order: { id: 'ORDER125', total: '500' } })).toMatchObject({
      points: 0,
      entries: [],
    });
  });
});

describe('earning is refused', () => {
  const usedDesk = () => {
    const desk = new Desk();
    desk.ok(adjust, { points: 100, reasonCode: 'promotion', actor: 'anita' });
    return desk;
  };

  test('where no version is in force, whatever else is wrong', () => {
    const desk = new Desk({ ...milesVersion({}, { enrolment: 'explicit' }), effectiveFrom: noon + 1 });
    desk.state.card.status = 'inactive';
    expect(desk.refused(earn, { order: { ...order, paymentStatus: 'failed' } })).toMatchObject({
      code: 'NO_ACTIVE_PROGRAM',
      programId: 'miles',
    });
  });

  test('on an inactive card, before anything about the order', () => {
    const desk = usedDesk();
    desk.state.card.status = 'inactive';
    expect(desk.refused(earn, { order: { ...order, paymentStatus: 'failed' } }).code).toBe('CARD_INACTIVE');
  });

  test.each(['pending', 'failed'] as const)(
    'where payment is %s, also of an order that has earned',
    (status) => {
      const desk = usedDesk();
      desk.ok(earn, { order: { ...order, paymentStatus: 'paid' } });
      expect(desk.refused(earn, { order: { ...order, paymentStatus: status } })).toMatchObject({
        code: 'ORDER_NOT_PAID',
        orderId: 'ORDER123',
        paymentStatus: status,
      });
    },
  );

  test('for an order that has earned, also when it was refunded since or its amount differs', () => {
    const desk = usedDesk();
    desk.ok(earn, { order });
    desk.ok(refund, { orderId: order.id, reason: 'return' });
    expect(desk.refused(earn, { order: { ...order, total: '600' } })).toMatchObject({
      code: 'ORDER_ALREADY_EARNED',
      points: 50,
    });
  });

  test('for an order that was refunded before it earned, also when its amount differs', () => {
    const desk = usedDesk();
    desk.ok(redeem, { order, points: 30 });
    desk.ok(refund, { orderId: order.id, amount: '1', reason: 'return' });
    expect(desk.refused(earn, { order: { ...order, total: '600' } }).code).toBe('ORDER_ALREADY_REFUNDED');
  });

  test('for an order that is known with another amount', () => {
    const desk = usedDesk();
    desk.ok(redeem, { order, points: 30 });
    expect(desk.refused(earn, { order: { ...order, total: '600' } })).toMatchObject({
      code: 'ORDER_MISMATCH',
      recorded: '500.00',
    });
  });

  test('where it would earn more than one command may move', () => {
    const desk = new Desk(milesVersion({ earn: { points: 1_000_000, perAmount: '1' } }));
    expect(desk.refused(earn, { order: { id: 'A', total: '1000000.01' } }).code).toBe('BALANCE_LIMIT');
    expect(desk.refused(earn, { order: { id: 'A', total: '90071992547409.91' } })).toMatchObject({
      code: 'BALANCE_LIMIT',
      limit: 10 ** 12,
    });
    expect(desk.ok(earn, { order: { id: 'A', total: '1000000' } }).points).toBe(10 ** 12);
  });

  test('where the books could not count that far', () => {
    const { state } = new Desk();
    state.exists = true;
    state.card.balance = Number.MAX_SAFE_INTEGER - 49;
    const decision = earn.decide(state, parseInput(earn.schema, { ...member, order }), noon);
    expect(decision.outcome).toMatchObject({ code: 'BALANCE_LIMIT', limit: Number.MAX_SAFE_INTEGER });
  });

  test('as invalid where it lies in the future', () => {
    expect(() => new Desk().run(earn, { order, occurredAt: new Date(noon + 1) })).toThrow(
      expect.objectContaining({ code: 'INVALID_COMMAND', field: 'occurredAt' }),
    );
  });
});
