import { join } from 'node:path';
import type { Instant } from '@loyalty-engine/core';
import Database from 'better-sqlite3';
import type { OrderRow } from './row-parser.ts';

/** An order or a return as the file has it, without its rows. */
export interface ShelvedOrder {
  n: number;
  orderId: string;
  customerId: string;
  placedAt: Instant;
  kind: 'sale' | 'return';
  firstLine: number;
  /** 1 where its rows are totals, 0 where they are lines. */
  byTotal: 0 | 1;
}

export type ShelvedRow = Pick<
  OrderRow,
  'line' | 'sku' | 'category' | 'quantity' | 'unitPrice' | 'total' | 'returnsOrderId'
>;

/** A line of an earlier order of which `held` pieces have not come back. */
export interface HeldLine {
  line: number;
  orderId: string;
  held: number;
  unitPrice: number;
}

const tables = `
  CREATE TABLE orders (
    n INTEGER PRIMARY KEY, orderId TEXT NOT NULL UNIQUE, madeFrom TEXT, customerId TEXT NOT NULL,
    placedAt INTEGER NOT NULL, kind TEXT NOT NULL, firstLine INTEGER NOT NULL, byTotal INTEGER NOT NULL
  );
  CREATE INDEX orders_made ON orders (madeFrom) WHERE madeFrom IS NOT NULL;
  CREATE TABLE rows (
    line INTEGER PRIMARY KEY, n INTEGER NOT NULL, sku TEXT, category TEXT, quantity INTEGER, unitPrice INTEGER,
    total INTEGER, returnsOrderId TEXT, held INTEGER NOT NULL
  );`;
const indexes = `
  CREATE INDEX orders_in_time ON orders (placedAt, firstLine);
  CREATE INDEX orders_of_customer ON orders (customerId, placedAt, firstLine);
  CREATE INDEX rows_of_order ON rows (n, sku);`;
const heldBefore = `FROM orders o CROSS JOIN rows r ON r.n = o.n AND r.sku = :sku
  WHERE o.customerId = :customerId AND o.kind = 'sale' AND r.held > 0
    AND (o.placedAt, o.firstLine) < (:placedAt, :firstLine)`;

/**
 * Where the file's rows wait to be replayed: a temporary SQLite file, because an export may be in any order and larger
 * than memory. It gathers rows into orders, gives them back in order of time, and knows which pieces customers still
 * hold.
 */
export class OrderShelf {
  private readonly db: Database.Database;
  private readonly statements: ReturnType<typeof prepare>;
  private latest: ShelvedOrder | undefined;
  private unsaved = 0;

  constructor(folder: string) {
    this.db = new Database(join(folder, 'orders.sqlite'));
    // A crash loses the run anyway, so the shelf need not survive one.
    for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -16000'])
      this.db.pragma(pragma);
    this.db.exec(tables);
    this.statements = prepare(this.db);
    this.db.exec('BEGIN');
  }

  /** Puts a row with the others of its order; text says why it does not belong there. */
  add(row: OrderRow): string | null {
    const byTotal = row.unitPrice === null;
    const madeFrom = row.idIsMade ? row.orderId : null;
    const orderId = madeFrom !== null && byTotal ? this.nextOnDay(madeFrom) : row.orderId;
    let order = this.find(orderId);
    if (order) {
      const misfit = whyNotPartOf(order, row, byTotal);
      if (misfit) return misfit;
    } else {
      const { line: firstLine, customerId, placedAt, kind } = row;
      const columns = { orderId, madeFrom, customerId, placedAt, kind, firstLine, byTotal: byTotal ? 1 : 0 };
      const n = Number(this.statements.addOrder.run(columns).lastInsertRowid);
      order = { n, orderId, customerId, placedAt, kind, firstLine, byTotal: byTotal ? 1 : 0 };
    }
    this.latest = order;
    const { line, sku, category, quantity, unitPrice, total, returnsOrderId } = row;
    const held = row.kind === 'sale' ? (quantity ?? 0) : 0;
    const { n } = order;
    this.statements.addRow.run({ line, n, sku, category, quantity, unitPrice, total, returnsOrderId, held });
    this.unsaved += 1;
    if (this.unsaved % 10_000 === 0) this.db.exec('COMMIT; BEGIN');
    return null;
  }

  /** Ends the adding. From here on orders can be taken out in order of time. */
  complete(): { orders: number; returns: number; customers: number; from: Instant; to: Instant } {
    this.db.exec('COMMIT');
    this.db.exec(indexes);
    this.db.exec('BEGIN');
    return this.statements.summary.get() as ReturnType<OrderShelf['complete']>;
  }

  /** All orders and returns by time; those of one instant as the file has them. */
  *inTimeOrder(): Generator<ShelvedOrder> {
    let after = { placedAt: 0, firstLine: 0 };
    for (;;) {
      const page = this.statements.page.all(after) as ShelvedOrder[];
      yield* page;
      const last = page.at(-1);
      if (!last) return;
      after = last;
    }
  }

  rowsOf(order: ShelvedOrder): ShelvedRow[] {
    return this.statements.rowsOf.all(order.n) as ShelvedRow[];
  }

  /** True where the customer placed that order before this one. */
  isEarlierOrder(orderId: string, { customerId, placedAt, firstLine }: ShelvedOrder): boolean {
    return this.statements.isEarlier.get({ orderId, customerId, placedAt, firstLine }) !== undefined;
  }

  /** A line with pieces of that SKU in the customer's latest order before this one that still holds any. */
  latestHolding(sku: string, before: ShelvedOrder, inOrderId: string | null): HeldLine | undefined {
    const { customerId, placedAt, firstLine } = before;
    const key = { sku, customerId, placedAt, firstLine };
    const found =
      inOrderId === null
        ? this.statements.holding.get(key)
        : this.statements.holdingIn.get({ ...key, orderId: inOrderId });
    return found as HeldLine | undefined;
  }

  /** Takes pieces off a line: they have come back. */
  takeBack(line: number, pieces: number): void {
    this.statements.takeBack.run({ line, pieces });
  }

  close(): void {
    this.db.close();
  }

  private find(orderId: string): ShelvedOrder | undefined {
    if (this.latest?.orderId === orderId) return this.latest;
    return this.statements.byId.get(orderId) as ShelvedOrder | undefined;
  }

  /** Where a row is a whole order without an id, a day's second order must not become part of the first. */
  private nextOnDay(madeFrom: string): string {
    const { count } = this.statements.madeFrom.get(madeFrom) as { count: number };
    return count === 0 ? madeFrom : `${madeFrom}-${count + 1}`;
  }
}

function whyNotPartOf(order: ShelvedOrder, row: OrderRow, byTotal: boolean): string | null {
  const { orderId, firstLine } = order;
  if (byTotal || order.byTotal) return `order ${orderId} came before, in line ${firstLine}`;
  if (order.customerId !== row.customerId) {
    return `order ${orderId} is customer ${order.customerId}'s by line ${firstLine}`;
  }
  return order.kind === row.kind ? null : `order ${orderId} is a ${order.kind} by line ${firstLine}`;
}

const orderColumns = 'n, orderId, customerId, placedAt, kind, firstLine, byTotal';

function prepare(db: Database.Database) {
  // Indexes come after the rows; statements are planned again when they are there.
  return {
    addOrder:
      db.prepare(`INSERT INTO orders (orderId, madeFrom, customerId, placedAt, kind, firstLine, byTotal)
      VALUES (:orderId, :madeFrom, :customerId, :placedAt, :kind, :firstLine, :byTotal)`),
    addRow:
      db.prepare(`INSERT INTO rows (line, n, sku, category, quantity, unitPrice, total, returnsOrderId, held)
      VALUES (:line, :n, :sku, :category, :quantity, :unitPrice, :total, :returnsOrderId, :held)`),
    byId: db.prepare(`SELECT ${orderColumns} FROM orders WHERE orderId = ?`),
    madeFrom: db.prepare('SELECT count(*) AS count FROM orders WHERE madeFrom = ?'),
    summary: db.prepare(`SELECT count(*) FILTER (WHERE kind = 'sale') AS orders,
      count(*) FILTER (WHERE kind = 'return') AS returns, count(DISTINCT customerId) AS customers,
      min(placedAt) AS "from", max(placedAt) AS "to" FROM orders`),
    page: db.prepare(`SELECT ${orderColumns} FROM orders
      WHERE (placedAt, firstLine) > (:placedAt, :firstLine) ORDER BY placedAt, firstLine LIMIT 500`),
    rowsOf: db.prepare(`SELECT line, sku, category, quantity, unitPrice, total, returnsOrderId FROM rows
      WHERE n = ? ORDER BY line`),
    isEarlier: db.prepare(`SELECT 1 FROM orders WHERE orderId = :orderId AND customerId = :customerId
      AND kind = 'sale' AND (placedAt, firstLine) < (:placedAt, :firstLine)`),
    holding: db.prepare(`SELECT r.line, o.orderId, r.held, r.unitPrice ${heldBefore}
      ORDER BY o.placedAt DESC, o.firstLine DESC, r.line LIMIT 1`),
    holdingIn: db.prepare(`SELECT r.line, o.orderId, r.held, r.unitPrice ${heldBefore}
      AND o.orderId = :orderId ORDER BY r.line LIMIT 1`),
    takeBack: db.prepare('UPDATE rows SET held = held - :pieces WHERE line = :line'),
  };
}
