import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { paymentGatewaySuite } from './payment-gateway.suite.ts';
import { openSimulator, type Simulator } from './simulator.ts';
import { testCards } from './test-cards.ts';

const order = { orderId: 'o1', amountMinor: 245_000, currency: 'INR' };

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'payments.sqlite');
}

function opened(file: string): Simulator {
  const simulator = openSimulator({ file });
  onTestFinished(() => simulator.close());
  return simulator;
}

describe('openSimulator', () => {
  paymentGatewaySuite(async () => {
    const file = temporaryFile();
    const gateway = opened(file);
    const { ledger, confirmAction } = gateway;
    return { gateway, another: () => opened(file), ledger, confirmAction };
  });

  it('sends the customer to a page of its own', async () => {
    const simulator = opened(':memory:');
    const payment = await simulator.authorise({ ...order, card: 'pm_card_threeDSecureRequired' });
    expect(payment.action).toEqual({ url: `/payments/simulator/${payment.paymentId}` });
    expect(await simulator.payment(payment.paymentId)).toEqual(payment);
    expect(await simulator.payment('nobody')).toBeNull();
  });

  it('takes the first answer of the customer only', async () => {
    const simulator = opened(':memory:');
    const { paymentId } = await simulator.authorise({ ...order, card: 'pm_card_threeDSecureRequired' });
    await simulator.confirmAction(paymentId, true);
    expect((await simulator.confirmAction(paymentId, false)).status).toBe('authorised');
    await expect(simulator.confirmAction('nobody', true)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('dates every movement by its clock', async () => {
    const file = temporaryFile();
    const simulator = openSimulator({ file, clock: { now: () => 1_700_000_000_000 } });
    await simulator.capture(await simulator.authorise({ ...order, card: 'pm_card_visa' }));
    await simulator.close();
    const database = new BetterSqlite3(file, { readonly: true });
    onTestFinished(() => void database.close());
    expect(database.prepare('SELECT kind, at FROM movements ORDER BY kind').all()).toEqual([
      { kind: 'authorise', at: 1_700_000_000_000 },
      { kind: 'capture', at: 1_700_000_000_000 },
    ]);
  });

  it('keeps a ledger whose tables refuse a second charge, a change and a deletion', async () => {
    const file = temporaryFile();
    const simulator = opened(file);
    const { paymentId } = await simulator.capture(
      await simulator.authorise({ ...order, card: 'pm_card_visa' }),
    );
    const database = new BetterSqlite3(file);
    onTestFinished(() => void database.close());
    const run = (sql: string) => () => database.prepare(sql).run({ paymentId });
    expect(run("INSERT INTO movements VALUES (@paymentId, 'capture', '', 1, 0)")).toThrow('UNIQUE');
    expect(run("INSERT INTO movements VALUES (@paymentId, 'refund', 'r1', 0, 0)")).toThrow('CHECK');
    expect(
      run("INSERT INTO payments VALUES (@paymentId || 2, 'o1', 1, 'INR', 'x', 'captured', NULL)"),
    ).toThrow('UNIQUE');
    expect(run('UPDATE movements SET amount_minor = 1 WHERE payment_id = @paymentId')).toThrow(
      'never changed',
    );
    expect(run('DELETE FROM movements WHERE payment_id = @paymentId')).toThrow('never deleted');
    expect(simulator.ledger()).toMatchObject([{ orderId: 'o1', captured: 245_000, netCharged: 245_000 }]);
  });

  it('is UNAVAILABLE where its file cannot be written, and has reserved nothing', async () => {
    const file = temporaryFile();
    const simulator = opened(file);
    const database = new BetterSqlite3(file);
    database.exec(
      "CREATE TRIGGER no_room BEFORE INSERT ON movements BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    await expect(simulator.authorise({ ...order, card: 'pm_card_visa' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    database.exec('DROP TRIGGER no_room');
    database.close();
    expect(await simulator.find(order)).toBeNull();
    expect((await simulator.authorise({ ...order, card: 'pm_card_visa' })).status).toBe('authorised');
  });
});

describe('testCards', () => {
  it('have a token and a number of their own each, and the numbers pass the check digit', () => {
    expect(new Set(testCards.map(({ token }) => token)).size).toBe(testCards.length);
    expect(new Set(testCards.map(({ number }) => number)).size).toBe(testCards.length);
    expect(testCards.map(({ number }) => luhnSum(number) % 10)).toEqual(testCards.map(() => 0));
  });
});

function luhnSum(number: string): number {
  const digits = [...number.replaceAll(' ', '')].reverse().map(Number);
  return digits.reduce((sum, digit, place) => {
    const weighed = place % 2 === 0 ? digit : digit * 2;
    return sum + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
}
