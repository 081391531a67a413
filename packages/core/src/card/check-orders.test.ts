import { describe, expect, test } from 'vitest';
import { award } from '../commands/award.ts';
import { earn } from '../commands/earn.ts';
import { redeem } from '../commands/redeem.ts';
import { redeemStamps } from '../commands/redeem-stamps.ts';
import { refund } from '../commands/refund.ts';
import { reverse } from '../commands/reverse.ts';
import { stamp } from '../commands/stamp.ts';
import { useVoucher } from '../commands/use-voucher.ts';
import { Desk, milesVersion, stampVersion } from '../fixtures.test-data.ts';
import type { OrderRecord, OrderRedemption } from './card-state.ts';
import { OrderCheck } from './check-orders.ts';

const desk = new Desk(milesVersion({ refunds: { shortfall: 'forgive' } }));
const order = { id: 'ORDER123', total: '500' };
desk.ok(award, { points: 100, source: { type: 'gift', id: '1' }, reason: 'gift' });
desk.ok(redeem, { order, points: 100 });
desk.ok(reverse, { entry: 2, points: 20, reason: 'typo' });
desk.ok(earn, { order });
desk.ok(earn, { order: { id: 'FORGIVEN', total: '100' } });
desk.ok(redeem, { points: 72 });
desk.ok(refund, { orderId: 'FORGIVEN', reason: 'return' });
desk.ok(refund, { orderId: order.id, amount: '250', reason: 'return' });
const record = desk.state.orders.get(order.id) as OrderRecord;
const forgiven = desk.state.orders.get('FORGIVEN') as OrderRecord;
const [redemption] = record.redemptions as [OrderRedemption];

function problems(records: OrderRecord[]): string[] {
  const check = new OrderCheck();
  for (const entry of desk.ledger) check.follow(entry);
  return check.problems(records);
}

describe('an order record', () => {
  test('that follows from the entries has no problem', () => {
    expect(problems([record, forgiven])).toEqual([]);
    expect(forgiven).toMatchObject({ earned: 10, clawedBack: 10 });
    expect(record).toMatchObject({ earned: 42, clawedBack: 21 });
    expect(redemption).toMatchObject({ points: 100, reversed: 20, restored: 40 });
  });

  test.each<[string, Partial<OrderRecord>]>([
    ['earned is 43, the entries say 42', { earned: 43 }],
    ['earned is 0, the entries say 42', { earned: null }],
    ['clawed back is 20, the entries say 21', { clawedBack: 20 }],
    ['clawed back is 20, the entries say 21', { clawedExpired: 1 }],
    ['redemption 2 is 99, the entries say 100', { redemptions: [{ ...redemption, points: 99 }] }],
    ['restored of 2 is 41, the entries say 40', { redemptions: [{ ...redemption, restored: 41 }] }],
    ['reversed of 2 is 0, the entries say 20', { redemptions: [{ ...redemption, reversed: 0 }] }],
    [
      'redemption 9 is 100, the entries say 0',
      { redemptions: [{ ...redemption, seq: 9, restored: 0, reversed: 0 }] },
    ],
    ['more money back than it cost', { moneyBack: 50_001 }],
  ])('is caught: %s', (problem, change) => {
    expect(problems([{ ...record, ...change }, forgiven])).toContain(`order ORDER123: ${problem}`);
  });

  test('that is lost is caught', () => {
    expect(problems([forgiven])).toEqual(['order ORDER123: has entries but no record']);
  });
});

test('a stamp or a reward that names an order needs no record of it', () => {
  const stamps = new Desk(stampVersion({ target: 1 }));
  const check = new OrderCheck();
  stamps.ok(stamp, { orderId: 'A' });
  const { voucherCode: code } = stamps.ok(redeemStamps, { orderId: 'A' });
  stamps.ok(useVoucher, { code, orderId: 'A' });
  for (const entry of stamps.ledger) check.follow(entry);
  expect(check.problems([])).toEqual([]);
});
