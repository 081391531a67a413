import BetterSqlite3 from 'better-sqlite3';
import { GatewayError, type PaymentOrder } from './payment-gateway.ts';

/** A row of `payments`. */
export interface SimulatedPayment extends PaymentOrder {
  paymentId: string;
  card: string;
  status: 'requires-action' | 'declined' | 'authorised' | 'captured' | 'voided';
  declineCode: string | null;
  refundedMinor: number;
}

/** Money that moved, or was reserved. `refundId` is empty but for refunds. */
export interface Movement {
  kind: 'authorise' | 'capture' | 'void' | 'refund';
  refundId: string;
  amountMinor: number;
  at: number;
}

/** What became of an order's money, in minor units, summed over the movements. */
export interface LedgerLine {
  orderId: string;
  paymentId: string;
  authorised: number;
  captured: number;
  voided: number;
  refunded: number;
  /** What the customer is without: captured less refunded. */
  netCharged: number;
}

/**
 * The simulator's tables. Movements are never changed or deleted, and an order has one payment and a payment one capture: the
 * tables themselves refuse a second charge.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS payments (
    payment_id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    card TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('requires-action', 'declined', 'authorised', 'captured', 'voided')),
    decline_code TEXT CHECK ((status = 'declined') = (decline_code IS NOT NULL))
  ) STRICT;
  CREATE TABLE IF NOT EXISTS movements (
    payment_id TEXT NOT NULL REFERENCES payments,
    kind TEXT NOT NULL CHECK (kind IN ('authorise', 'capture', 'void', 'refund')),
    refund_id TEXT NOT NULL CHECK ((kind = 'refund') = (refund_id <> '')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    at INTEGER NOT NULL,
    PRIMARY KEY (payment_id, kind, refund_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER IF NOT EXISTS movements_stay BEFORE UPDATE ON movements
    BEGIN SELECT RAISE(ABORT, 'movements are never changed'); END;
  CREATE TRIGGER IF NOT EXISTS movements_last BEFORE DELETE ON movements
    BEGIN SELECT RAISE(ABORT, 'movements are never deleted'); END;
`;

const selectPayment = `
  SELECT payment_id AS paymentId, order_id AS orderId, amount_minor AS amountMinor, currency, card, status,
    decline_code AS declineCode,
    (SELECT coalesce(sum(amount_minor), 0) FROM movements
      WHERE movements.payment_id = payments.payment_id AND kind = 'refund') AS refundedMinor
  FROM payments`;

const selectLines = `
  SELECT order_id AS orderId, payment_id AS paymentId,
    coalesce(sum(movements.amount_minor) FILTER (WHERE kind = 'authorise'), 0) AS authorised,
    coalesce(sum(movements.amount_minor) FILTER (WHERE kind = 'capture'), 0) AS captured,
    coalesce(sum(movements.amount_minor) FILTER (WHERE kind = 'void'), 0) AS voided,
    coalesce(sum(movements.amount_minor) FILTER (WHERE kind = 'refund'), 0) AS refunded
  FROM payments LEFT JOIN movements USING (payment_id)
  GROUP BY payment_id ORDER BY payments.rowid`;

export type SimulatorLedger = ReturnType<typeof openLedger>;

/** The simulator's books in a SQLite file of their own. What a call answered is on the disk; two processes may share the file. */
export function openLedger(file: string) {
  const database = new BetterSqlite3(file, { timeout: 10_000 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.transaction(() => database.exec(tables)).immediate();

  const byOrder = database.prepare<[string], SimulatedPayment>(`${selectPayment} WHERE order_id = ?`);
  const byId = database.prepare<[string], SimulatedPayment>(`${selectPayment} WHERE payment_id = ?`);
  const refund = database.prepare<[string, string], { amountMinor: number }>(
    "SELECT amount_minor AS amountMinor FROM movements WHERE payment_id = ? AND kind = 'refund' AND refund_id = ?",
  );
  const save = database.prepare<[SimulatedPayment]>(
    `INSERT INTO payments (payment_id, order_id, amount_minor, currency, card, status, decline_code)
     VALUES (@paymentId, @orderId, @amountMinor, @currency, @card, @status, @declineCode)
     ON CONFLICT (payment_id) DO UPDATE
       SET card = excluded.card, status = excluded.status, decline_code = excluded.decline_code`,
  );
  const move = database.prepare<[Movement & { paymentId: string }]>(
    'INSERT INTO movements VALUES (@paymentId, @kind, @refundId, @amountMinor, @at)',
  );
  const lines = database.prepare<[], Omit<LedgerLine, 'netCharged'>>(selectLines);
  const inTransaction = database.transaction((work: () => unknown) => work());

  return {
    paymentOfOrder: (orderId: string) => byOrder.get(orderId) ?? null,
    payment: (paymentId: string) => byId.get(paymentId) ?? null,
    refund: (paymentId: string, refundId: string) => refund.get(paymentId, refundId) ?? null,
    save: (payment: SimulatedPayment) => void save.run(payment),
    move: (paymentId: string, movement: Movement) => void move.run({ paymentId, ...movement }),
    lines: (): LedgerLine[] =>
      lines.all().map((line) => ({ ...line, netCharged: line.captured - line.refunded })),
    /** Runs the callback alone among all writers; nothing of it stays where it throws. */
    transaction<Result>(work: () => Result): Result {
      try {
        return inTransaction.immediate(work) as Result;
      } catch (error) {
        if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
        throw new GatewayError('UNAVAILABLE', `The simulator's ledger: ${error.message}`, { cause: error });
      }
    },
    close: () => void database.close(),
  };
}
