import knex, { type Knex } from 'knex';
import type { Contender } from './contender.ts';
import { createTables } from './hand-written-knex-tables.ts';
import {
  type Account,
  aYearLater,
  type Burnt,
  burnLots,
  earnOutcome,
  type Lot,
  type Outcome,
  paise,
  redeemOutcome,
  requestOf,
} from './hand-written-rules.ts';
import type { BenchCommand } from './workload.ts';

// Of 8, 10, 16 and 20, the fastest at 256 callers on two cores for spread cards and for one hot card, by a few percent.
const mostConnections = 16;

/**
 * A loyalty ledger on PostgreSQL, written by hand with Knex: one transaction a command, which locks the account first.
 * Creates its tables where the schema lacks them.
 */
export async function handWrittenKnex(url: string, schema: string, callers: number): Promise<Contender> {
  const max = Math.min(callers, mostConnections);
  const database = knex({ client: 'pg', connection: url, searchPath: [schema], pool: { min: 0, max } });
  await createTables(database, schema);
  return {
    async run(command) {
      const outcome = await database.transaction((trx) => settle(trx, command));
      return outcome.points;
    },
    check: (customerIds) => checkBooks(database, customerIds),
    close: () => database.destroy(),
  };
}

async function settle(trx: Knex.Transaction, command: BenchCommand): Promise<Outcome> {
  const { kind, customerId, orderId, points } = command;
  const now = new Date();
  const total = paise(command.total);
  const key = `${kind}:${orderId}`;
  const request = requestOf(command);
  const account = await lockAccount(trx, customerId, now);
  const known = await trx('idempotency_keys')
    .where({ customer_id: customerId, key })
    .first('request', 'outcome');
  if (known) {
    if (known.request !== request) throw new Error('IDEMPOTENCY_KEY_REUSED');
    return known.outcome;
  }
  if (account.status !== 'active') throw new Error('CARD_INACTIVE');
  const order = await trx('orders').where({ customer_id: customerId, order_id: orderId }).first('earned');
  if (order && order.earned !== null) throw new Error('ORDER_ALREADY_EARNED');

  const posting = { customerId, orderId, now, total, account, seq: account.last_seq + 1 };
  const outcome = kind === 'earn' ? await earn(trx, posting) : await redeem(trx, posting, points);
  await trx('idempotency_keys').insert({
    customer_id: customerId,
    key,
    request,
    outcome: JSON.stringify(outcome),
    created_at: now,
  });
  return outcome;
}

/** The account, locked until the transaction ends; opened where the customer has none. */
async function lockAccount(trx: Knex.Transaction, customerId: string, now: Date): Promise<Account> {
  const lock = () =>
    trx('accounts')
      .where({ customer_id: customerId })
      .forUpdate()
      .first('balance', 'earned', 'redeemed', 'last_seq', 'status');
  let row = await lock();
  if (!row) {
    const opened = { customer_id: customerId, updated_at: now };
    await trx('accounts').insert(opened).onConflict('customer_id').ignore();
    row = await lock();
  }
  // The driver gives bigint columns as text.
  const { balance, earned, redeemed } = row;
  return { ...row, balance: Number(balance), earned: Number(earned), redeemed: Number(redeemed) };
}

interface Posting {
  customerId: string;
  orderId: string;
  now: Date;
  total: number;
  account: Account;
  seq: number;
}

async function earn(trx: Knex.Transaction, posting: Posting): Promise<Outcome> {
  const { customerId, now, total, account, seq } = posting;
  const outcome = earnOutcome(account, total);
  const { points, balance } = outcome;
  await insertTransaction(trx, posting, 'earn', points, outcome, null);
  await trx('lots').insert({
    customer_id: customerId,
    seq,
    points,
    remaining: points,
    earned_at: now,
    expires_at: new Date(aYearLater(now.getTime())),
  });
  await putOrder(trx, posting, { earned: points });
  await updateAccount(trx, posting, { balance, earned: account.earned + points });
  return outcome;
}

async function redeem(trx: Knex.Transaction, posting: Posting, points: number): Promise<Outcome> {
  const { customerId, now, total, account } = posting;
  const burnt = burnLots(await lotsToSpend(trx, customerId, points, now), points);
  const outcome = redeemOutcome(account, total, points, burnt);
  const { balance } = outcome;
  await insertTransaction(trx, posting, 'redeem', -points, outcome, burnt);
  for (const { seq, part } of burnt) {
    await trx('lots').where({ customer_id: customerId, seq }).decrement('remaining', part);
  }
  await putOrder(trx, posting, { redeemed: points });
  await updateAccount(trx, posting, { balance, redeemed: account.redeemed + points });
  return outcome;
}

// Most redemptions take from one lot or two; a card can have thousands.
const lotsAPage = 20;

/** The lots that `points` can be taken from, soonest to expire first; too few where the account has no more. */
async function lotsToSpend(
  trx: Knex.Transaction,
  customerId: string,
  points: number,
  now: Date,
): Promise<Lot[]> {
  const lots: Lot[] = [];
  let covered = 0;
  for (;;) {
    const page = await trx('lots')
      .select('seq', 'remaining')
      .where({ customer_id: customerId })
      .where('remaining', '>', 0)
      .where('expires_at', '>', now)
      .orderBy(['expires_at', 'seq'])
      .limit(lotsAPage)
      .offset(lots.length);
    for (const { seq, remaining } of page) {
      lots.push({ seq, remaining: Number(remaining) });
      covered += Number(remaining);
    }
    if (covered >= points || page.length < lotsAPage) return lots;
  }
}

async function insertTransaction(
  trx: Knex.Transaction,
  { customerId, orderId, now, seq }: Posting,
  kind: BenchCommand['kind'],
  points: number,
  { balance, explanation }: Outcome,
  takenFrom: Burnt[] | null,
): Promise<void> {
  await trx('transactions').insert({
    customer_id: customerId,
    seq,
    kind,
    points,
    balance_after: balance,
    order_id: orderId,
    created_at: now,
    // The driver would make arrays of PostgreSQL of them.
    taken_from: takenFrom && JSON.stringify(takenFrom),
    explanation: JSON.stringify(explanation),
  });
}

async function putOrder(
  trx: Knex.Transaction,
  { customerId, orderId, total, now }: Posting,
  points: { earned: number } | { redeemed: number },
): Promise<void> {
  await trx('orders')
    .insert({ customer_id: customerId, order_id: orderId, total, created_at: now, ...points })
    .onConflict(['customer_id', 'order_id'])
    .merge(points);
}

async function updateAccount(
  trx: Knex.Transaction,
  { customerId, now, seq }: Posting,
  counters: Partial<Account>,
): Promise<void> {
  await trx('accounts')
    .where({ customer_id: customerId })
    .update({ ...counters, last_seq: seq, updated_at: now });
}

async function checkBooks(database: Knex, customerIds: readonly string[]): Promise<void> {
  const found = await database('accounts as a')
    .whereIn('customer_id', customerIds)
    .select('customer_id', 'balance')
    .select({
      lots: database('lots as l').sum('remaining').whereRaw('l.customer_id = a.customer_id'),
      entries: database('transactions as t').sum('points').whereRaw('t.customer_id = a.customer_id'),
    });
  const books = new Map(found.map((row) => [row.customer_id, row]));
  for (const customerId of customerIds) {
    const { balance, lots, entries } = books.get(customerId) ?? {};
    // All three are whole numbers as text.
    if (balance === undefined || balance !== lots || balance !== entries)
      throw new Error(
        `Hand-written books of ${customerId} do not add up: ${JSON.stringify({ balance, lots, entries })}`,
      );
  }
}
