import { LoyaltyError } from '@loyalty-engine/core';
import type { Database } from 'better-sqlite3';
import { entryKindList } from './rows.ts';

interface Migration {
  name: string;
  sql: string;
}

/** In order; a name never changes once released. */
const migrations: readonly Migration[] = [
  {
    name: '0001-points',
    sql: `
      CREATE TABLE loyalty_programs (
        program_id TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        effective_from INTEGER NOT NULL,
        published_at INTEGER NOT NULL,
        definition TEXT NOT NULL,
        PRIMARY KEY (program_id, version)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_cards (
        card_id TEXT NOT NULL PRIMARY KEY,
        program_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
        enrolled_at INTEGER NOT NULL,
        seq INTEGER NOT NULL CHECK (seq >= 0),
        balance INTEGER NOT NULL CHECK (balance >= -debt),
        debt INTEGER NOT NULL CHECK (debt >= 0),
        pending INTEGER NOT NULL CHECK (pending >= 0),
        pending_as_of INTEGER NOT NULL,
        held INTEGER NOT NULL CHECK (held >= 0 AND held <= balance + debt),
        open_holds INTEGER NOT NULL CHECK (open_holds >= 0),
        earned INTEGER NOT NULL,
        redeemed INTEGER NOT NULL,
        expired INTEGER NOT NULL,
        adjusted INTEGER NOT NULL,
        reversed INTEGER NOT NULL,
        deadline INTEGER,
        next_expiry_at INTEGER,
        last_posted_at INTEGER NOT NULL,
        last_recorded_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX loyalty_cards_due ON loyalty_cards (next_expiry_at, card_id) WHERE next_expiry_at IS NOT NULL;

      CREATE TABLE loyalty_members (
        program_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        PRIMARY KEY (program_id, customer_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_entries (
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        seq INTEGER NOT NULL CHECK (seq > 0),
        kind TEXT NOT NULL CHECK (kind IN (${entryKindList})),
        points INTEGER NOT NULL,
        balance_after INTEGER NOT NULL,
        occurred_at INTEGER NOT NULL,
        posted_at INTEGER NOT NULL CHECK (posted_at >= occurred_at),
        recorded_at INTEGER NOT NULL,
        program_version INTEGER NOT NULL,
        order_id TEXT,
        reverses INTEGER,
        location_id TEXT,
        actor TEXT,
        rest TEXT NOT NULL,
        PRIMARY KEY (card_id, seq)
      ) STRICT;
      CREATE INDEX loyalty_entries_reverses ON loyalty_entries (card_id, reverses) WHERE reverses IS NOT NULL;

      CREATE TABLE loyalty_lots (
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        seq INTEGER NOT NULL,
        points INTEGER NOT NULL CHECK (points > 0),
        remaining INTEGER NOT NULL CHECK (remaining >= 0 AND remaining + expired <= points),
        expired INTEGER NOT NULL CHECK (expired >= 0),
        held INTEGER NOT NULL CHECK (held >= 0 AND held <= remaining),
        earned_at INTEGER NOT NULL,
        burn_at INTEGER NOT NULL,
        available_at INTEGER,
        PRIMARY KEY (card_id, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX loyalty_lots_burn ON loyalty_lots (card_id, burn_at, earned_at, seq) WHERE remaining > 0;
      CREATE INDEX loyalty_lots_pending ON loyalty_lots (card_id, available_at) WHERE available_at IS NOT NULL;

      CREATE TABLE loyalty_holds (
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        hold_id TEXT NOT NULL,
        order_id TEXT,
        status TEXT NOT NULL CHECK (status IN ('open', 'lapsed', 'captured', 'released')),
        asked INTEGER NOT NULL CHECK (asked >= points),
        points INTEGER NOT NULL CHECK (points >= 0),
        value INTEGER NOT NULL CHECK (value >= 0),
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        program_version INTEGER NOT NULL,
        lots TEXT NOT NULL,
        purchase TEXT,
        PRIMARY KEY (card_id, hold_id)
      ) STRICT;
      CREATE INDEX loyalty_holds_open ON loyalty_holds (card_id) WHERE status = 'open';

      CREATE TABLE loyalty_orders (
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        order_id TEXT NOT NULL,
        program_version INTEGER NOT NULL,
        payable INTEGER NOT NULL CHECK (payable >= 0),
        earned INTEGER CHECK (earned >= 0),
        earn_seq INTEGER,
        refunded_amount INTEGER NOT NULL CHECK (refunded_amount >= 0 AND refunded_amount <= payable),
        money_back INTEGER NOT NULL CHECK (money_back >= 0 AND money_back <= payable),
        clawed_back INTEGER NOT NULL CHECK (clawed_back >= 0),
        clawed_expired INTEGER NOT NULL CHECK (clawed_expired >= 0 AND clawed_expired <= clawed_back),
        purchase TEXT NOT NULL,
        redemptions TEXT,
        refunded_quantities TEXT,
        PRIMARY KEY (card_id, order_id)
      ) STRICT;

      CREATE TABLE loyalty_receipts (
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        first_seq INTEGER NOT NULL,
        entry_count INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        PRIMARY KEY (card_id, key)
      ) STRICT;
    `,
  },
];

/**
 * Brings the tables up to date, in one transaction, safe when several processes start at once.
 *
 * @throws LoyaltyError STORE_NEWER when a later version of this package has written the file, STORE_FOREIGN when tables
 * of our names are there that this package has not made.
 */
export function migrate(database: Database): void {
  if (applied(database)?.length === migrations.length) {
    checkKnown(database);
    return;
  }
  database
    .transaction(() => {
      const names = applied(database);
      if (!names) {
        refuseForeignTables(database);
        database.exec(
          'CREATE TABLE loyalty_migrations (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
        );
      }
      checkKnown(database);
      const insert = database.prepare('INSERT INTO loyalty_migrations (name, applied_at) VALUES (?, ?)');
      for (const { name, sql } of migrations) {
        if (names?.includes(name)) continue;
        database.exec(sql);
        insert.run(name, Date.now());
      }
    })
    .immediate();
}

function applied(database: Database): string[] | null {
  const table = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'loyalty_migrations'")
    .get();
  if (!table) return null;
  return database.prepare('SELECT name FROM loyalty_migrations ORDER BY name').pluck().all() as string[];
}

function checkKnown(database: Database): void {
  const unknown = applied(database)?.find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown === undefined) return;
  throw new LoyaltyError(
    'STORE_NEWER',
    `The database was written by a newer @loyalty-engine/sqlite (migration ${unknown}): update the package`,
  );
}

function refuseForeignTables(database: Database): void {
  const foreign = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'loyalty\\_%' ESCAPE '\\'")
    .pluck()
    .get();
  if (foreign === undefined) return;
  throw new LoyaltyError(
    'STORE_FOREIGN',
    `The database has a table ${String(foreign)} that this package has not made`,
  );
}
