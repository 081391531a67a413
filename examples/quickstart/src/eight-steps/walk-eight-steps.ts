import { createLoyalty, type Loyalty, unwrap } from '@loyalty-engine/core';
import { openSqliteStore } from '@loyalty-engine/sqlite';
import { cathayProgram } from '../cathay-program.ts';
import { describeProgram } from '../describe-program.ts';
import { figuresOf } from '../figures.ts';
import { printStep as step } from '../print-step.ts';
import { type StopClock, stopClock } from '../stop-clock.ts';
import { catalogue } from './catalogue.ts';
import { printStatement } from './print-statement.ts';

const sachin = { programId: cathayProgram.id, customerId: 'sachin' };
const figures = figuresOf(cathayProgram);
const { money, points, date } = figures;

/**
 * Walks the Cathay Shop's eight steps on an SQLite file, from the rules to the statement.
 *
 * @returns the exit code: 0 when the books balance, 1 when they do not.
 */
export async function walkEightSteps(database: string): Promise<number> {
  const clock = stopClock();
  const loyalty = createLoyalty({ store: openSqliteStore({ file: database }), clock });
  try {
    console.log('The Cathay Shop: points, and miles plus cash, in eight steps');
    await setUp(loyalty, clock);
    await buyWithPoints(loyalty, clock);
    return await lookBack(loyalty, clock);
  } finally {
    await loyalty.close();
  }
}

/** Step 1, and what Sachin has from before: 150 points of an older scheme, and 50 of his first order. */
async function setUp(loyalty: Loyalty, clock: StopClock): Promise<void> {
  clock.set('2025-01-01T09:00:00+05:30');
  const program = await loyalty.programs.publish(cathayProgram);
  step(1, 'The admin sets the rules', describeProgram(program, figures));
  unwrap(
    await loyalty.adjust({
      ...sachin,
      points: 150,
      reasonCode: 'moved-in',
      note: 'Points of the old scheme',
      actor: 'admin',
      expiresAt: '2028-01-01T00:00:00+05:30',
    }),
  );
  clock.set('2025-02-03T11:20:00+05:30');
  unwrap(await loyalty.earn({ ...sachin, order: { id: 'ORDER123', total: '500' } }));
}

/** Steps 2 to 7: from the shelf to the receipt. */
async function buyWithPoints(loyalty: Loyalty, clock: StopClock): Promise<void> {
  clock.set('2025-06-14T18:05:00+05:30');
  const audio = catalogue.filter(({ category }) => category === 'audio');
  const offers = audio.map(({ name, price }) => `${name} ${money(price)}`).join(', ');
  step(2, 'Sachin browses', `${audio.length} of ${catalogue.length} products are audio: ${offers}`);

  const buds = catalogue.find(({ sku }) => sku === 'BUDS-2');
  if (!buds) throw new Error('The catalogue has no BUDS-2');
  const { sku, category, price } = buds;
  const order = { id: 'ORDER124', lines: [{ sku, category, quantity: 1, unitPrice: price }] };
  step(3, 'He picks and goes to the checkout', `ORDER124: 1 × ${buds.name}, ${money(price)}`);

  const quote = await loyalty.quote({ ...sachin, order });
  if (!quote.ok) throw new Error(quote.message);
  const checkout = unwrap(await loyalty.checkout.start({ ...sachin, order, points: 30 }));
  step(
    4,
    'He chooses points',
    `${points(quote.available)} are there, ${points(quote.maxPoints)} may be used; he takes ${points(checkout.points)}, worth ${money(checkout.value)}`,
  );

  const payment = chargeCard(checkout.amountDue ?? price);
  step(5, 'His card is charged the rest', `${money(payment.charged)}, approved as ${payment.id}`);

  const { holdId } = checkout;
  const done = unwrap(
    await loyalty.checkout.complete({ ...sachin, holdId, metadata: { payment: payment.id } }),
  );
  step(6, 'The points are deducted', `${points(done.points)} points spent on ORDER124, in the ledger`);
  const { points: each, perAmount } = cathayProgram.points.earn;
  const rate = `${each} for every ${money(perAmount)} of the ${money(done.amountDue)} that he paid in money`;
  step(7, 'The order earns', `${points(done.earned)} points, ${rate}`);
}

/** Step 8: a year and a night later the admin looks at the statement. */
async function lookBack(loyalty: Loyalty, clock: StopClock): Promise<number> {
  clock.set('2026-02-04T00:30:00+05:30');
  const { expired } = await loyalty.jobs.expirePoints();
  const statement = await loyalty.statement(sachin, { from: '2025-02-01T00:00:00+05:30' });
  const balance = await loyalty.balance(sachin);
  step(
    8,
    'The admin sees it all',
    `${date(clock.now())}; last night ${points(expired)} points of ORDER123 ended unspent`,
  );
  printStatement(statement, figures);
  const worth = money(String(balance.available));
  console.log(`\n   Sachin has ${points(balance.available)} points, worth ${worth}.`);
  const { ok, entries, cards, problems } = await loyalty.verify();
  const verdict = ok ? 'the books balance' : `THE BOOKS DO NOT BALANCE: ${problems[0]?.problem}`;
  console.log(`   verify: ${entries} entries of ${cards} card replayed; ${verdict}.`);
  return ok ? 0 : 1;
}

/** Stands in for a payment gateway that approves everything. */
function chargeCard(amount: string): { id: string; charged: string } {
  return { id: 'PAY-7781', charged: amount };
}
