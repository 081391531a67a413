import Database from 'better-sqlite3';
import type { Contender } from './contender.ts';
import {
  type Account,
  aYearLater,
  type Burnt,
  burnLots,
  earnOutcome,
  type Lot,
  newAccount,
  type Outcome,
  paise,
  redeemOutcome,
  requestOf,
} from './hand-written-rules.ts';
import type { BenchCommand } from './workload.ts';

// What a competent developer writes for one shop: the same durability, reads and writes as our store, no more.
const schema = `
  CREATE TABLE accounts (
    customer_id TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL DEFAULT 'active',
    balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0),
    earned INTEGER NOT NULL DEFAULT 0,
    redeemed INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE transactions (
    customer_id TEXT NOT NULL REFERENCES accounts (customer_id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('earn', 'redeem')),
    points INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    taken_from TEXT,
    explanation TEXT NOT NULL,
    PRIMARY KEY (customer_id, seq)
  ) STRICT;
  CREATE TABLE lots (
    customer_id TEXT NOT NULL REFERENCES accounts (customer_id),
    seq INTEGER NOT NULL,
    points INTEGER NOT NULL,
    remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND points),
    earned_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (customer_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lots_to_spend ON lots (customer_id, expires_at, seq) WHERE remaining > 0;
  CREATE TABLE orders (
    customer_id TEXT NOT NULL REFERENCES accounts (customer_id),
    order_id TEXT NOT NULL,
    total INTEGER NOT NULL,
    earned INTEGER,
    redeemed INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (customer_id, order_id)
  ) STRICT;
  CREATE TABLE idempotency_keys (
    customer_id TEXT NOT NULL REFERENCES accounts (customer_id),
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    outcome TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (customer_id, key)
  ) STRICT;
`;

/** A loyalty ledger on better-sqlite3, written by hand: one transaction a command. */
export function handWrittenSqlite(file: string, synchronous: 'FULL' | 'OFF'): Contender {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous}`);
  database.pragma('foreign_keys = ON');
  if (!database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'accounts'").get()) database.exec(schema);
  const settle = settling(database);
  return {
    // The driver is synchronous: an async function around it, as in any route handler.
    run: async (command) => settle(command).points,
    async check(customerIds) {
      const books = database.prepare<string[], { balance: number; lots: number; entries: number }>(
        `SELECT balance,
           (SELECT sum(remaining) FROM lots l WHERE l.customer_id = a.customer_id) AS lots,
           (SELECT sum(points) FROM transactions t WHERE t.customer_id = a.customer_id) AS entries
         FROM accounts a WHERE customer_id = ?`,
      );
      for (const customerId of customerIds) {
        const found = books.get(customerId);
        if (!found || found.balance !== found.lots || found.balance !== found.entries)
          throw new Error(`Hand-written books of ${customerId} do not add up: ${JSON.stringify(found)}`);
      }
    },
    async close() {
      database.close();
    },
  };
}

function settling(database: Database.Database): (command: BenchCommand) => Outcome {
  const writes = prepareWrites(database);
  const readKey = database.prepare<string[], { request: string; outcome: string }>(
    'SELECT request, outcome FROM idempotency_keys WHERE customer_id = ? AND key = ?',
  );
  const readAccount = database.prepare<string[], Account>(
    'SELECT balance, earned, redeemed, last_seq, status FROM accounts WHERE customer_id = ?',
  );
  const insertAccount = database.prepare('INSERT INTO accounts (customer_id, updated_at) VALUES (?, ?)');
  const readOrder = database.prepare<string[], { earned: number | null; redeemed: number | null }>(
    'SELECT earned, redeemed FROM orders WHERE customer_id = ? AND order_id = ?',
  );
  const readLots = database.prepare<[string, number], Lot>(
    `SELECT seq, remaining FROM lots
     WHERE customer_id = ? AND remaining > 0 AND expires_at > ? ORDER BY expires_at, seq`,
  );

  return database.transaction((command: BenchCommand): Outcome => {
    const { kind, customerId, orderId } = command;
    const now = Date.now();
    const total = paise(command.total);
    const key = `${kind}:${orderId}`;
    const request = requestOf(command);
    const known = readKey.get(customerId, key);
    if (known) {
      if (known.request !== request) throw new Error('IDEMPOTENCY_KEY_REUSED');
      return JSON.parse(known.outcome) as Outcome;
    }
    let account = readAccount.get(customerId);
    if (!account) {
      insertAccount.run(customerId, now);
      account = newAccount;
    }
    if (account.status !== 'active') throw new Error('CARD_INACTIVE');
    const order = readOrder.get(customerId, orderId);
    if (order && order.earned !== null) throw new Error('ORDER_ALREADY_EARNED');
    const written = { customerId, orderId, now, total, account };
    const outcome =
      kind === 'earn'
        ? writes.earn(written)
        : writes.redeem(written, command.points, burnLots(readLots.iterate(customerId, now), command.points));
    writes.key.run(customerId, key, request, JSON.stringify(outcome), now);
    return outcome;
  }).immediate;
}

interface Written {
  customerId: string;
  orderId: string;
  now: number;
  total: number;
  account: Account;
}

function prepareWrites(database: Database.Database) {
  const updateAccount = database.prepare(
    'UPDATE accounts SET balance = ?, earned = ?, redeemed = ?, last_seq = ?, updated_at = ? WHERE customer_id = ?',
  );
  const insertTransaction = database.prepare(
    `INSERT INTO transactions
     (customer_id, seq, kind, points, balance_after, order_id, created_at, taken_from, explanation)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertLot = database.prepare(
    'INSERT INTO lots (customer_id, seq, points, remaining, earned_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const takeFromLot = database.prepare(
    'UPDATE lots SET remaining = remaining - ? WHERE customer_id = ? AND seq = ?',
  );
  const putOrder = database.prepare(
    `INSERT INTO orders (customer_id, order_id, total, earned, redeemed, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (customer_id, order_id) DO UPDATE SET
       earned = coalesce(excluded.earned, earned), redeemed = coalesce(excluded.redeemed, redeemed)`,
  );
  const key = database.prepare(
    'INSERT INTO idempotency_keys (customer_id, key, request, outcome, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    key,
    earn({ customerId, orderId, now, total, account }: Written): Outcome {
      const outcome = earnOutcome(account, total);
      const { points, balance, explanation } = outcome;
      const seq = account.last_seq + 1;
      updateAccount.run(balance, account.earned + points, account.redeemed, seq, now, customerId);
      insertTransaction.run(
        customerId,
        seq,
        'earn',
        points,
        balance,
        orderId,
        now,
        null,
        JSON.stringify(explanation),
      );
      insertLot.run(customerId, seq, points, points, now, aYearLater(now));
      putOrder.run(customerId, orderId, total, points, null, now);
      return outcome;
    },
    redeem({ customerId, orderId, now, total, account }: Written, points: number, burnt: Burnt[]): Outcome {
      const outcome = redeemOutcome(account, total, points, burnt);
      const { balance, explanation } = outcome;
      const seq = account.last_seq + 1;
      updateAccount.run(balance, account.earned, account.redeemed + points, seq, now, customerId);
      insertTransaction.run(
        customerId,
        seq,
        'redeem',
        -points,
        balance,
        orderId,
        now,
        JSON.stringify(burnt),
        JSON.stringify(explanation),
      );
      for (const { seq: lot, part } of burnt) takeFromLot.run(part, customerId, lot);
      putOrder.run(customerId, orderId, total, null, points, now);
      return outcome;
    },
  };
}
