import { entryKindList } from './rows.ts';

export interface Migration {
  name: string;
  sql: string;
}

/** In order; a name never changes once released. */
export const migrations: readonly Migration[] = [
  {
    name: '0001-loyalty',
    sql: `
      CREATE TABLE loyalty_programs (
        program_id TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        merchant_id TEXT NOT NULL,
        effective_from INTEGER NOT NULL,
        published_at INTEGER NOT NULL,
        definition TEXT NOT NULL,
        PRIMARY KEY (program_id, version)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_cards (
        card_id TEXT NOT NULL PRIMARY KEY,
        program_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        number TEXT NOT NULL,
        qr_token TEXT NOT NULL,
        enrolled_at INTEGER NOT NULL,
        enrolled_location_id TEXT,
        status TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
        merged_into TEXT,
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
        last_posted_at INTEGER NOT NULL,
        last_recorded_at INTEGER NOT NULL,
        stamps INTEGER NOT NULL CHECK (stamps >= 0),
        stamps_earned INTEGER NOT NULL CHECK (stamps_earned >= 0),
        rewards_redeemed INTEGER NOT NULL CHECK (rewards_redeemed >= 0),
        stamp_book TEXT,
        last_stamp_at INTEGER,
        last_points_at INTEGER,
        last_redemption_at INTEGER,
        last_activity_at INTEGER,
        warned_of INTEGER,
        warned_seq INTEGER NOT NULL DEFAULT 0,
        next_expiry_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX loyalty_cards_program ON loyalty_cards (program_id, card_id);
      CREATE INDEX loyalty_cards_due ON loyalty_cards (next_expiry_at, card_id) WHERE next_expiry_at IS NOT NULL;

      CREATE TABLE loyalty_members (
        program_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        PRIMARY KEY (program_id, customer_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_names (
        name TEXT NOT NULL PRIMARY KEY,
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT
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
        staff_id TEXT,
        stamps INTEGER NOT NULL,
        rest TEXT NOT NULL,
        PRIMARY KEY (card_id, seq)
      ) STRICT;
      CREATE INDEX loyalty_entries_recorded ON loyalty_entries (recorded_at, card_id, seq);
      CREATE INDEX loyalty_entries_order ON loyalty_entries (order_id) WHERE order_id IS NOT NULL;
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
        staff_id TEXT,
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

      CREATE TABLE loyalty_vouchers (
        card_id TEXT NOT NULL REFERENCES loyalty_cards (card_id) ON DELETE RESTRICT,
        code TEXT NOT NULL,
        seq INTEGER NOT NULL CHECK (seq > 0),
        reward_id TEXT,
        status TEXT NOT NULL CHECK (status IN ('issued', 'used', 'void')),
        issued_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        used_at INTEGER,
        used_location_id TEXT,
        order_id TEXT,
        rest TEXT NOT NULL,
        PRIMARY KEY (card_id, code)
      ) STRICT;
      CREATE UNIQUE INDEX loyalty_vouchers_entry ON loyalty_vouchers (card_id, seq);
      CREATE INDEX loyalty_vouchers_reward ON loyalty_vouchers (card_id, reward_id) WHERE reward_id IS NOT NULL;

      CREATE TABLE loyalty_rewards (
        program_id TEXT NOT NULL,
        reward_id TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn')),
        stock INTEGER,
        redeemed INTEGER NOT NULL CHECK (redeemed >= 0 AND (stock IS NULL OR redeemed <= stock)),
        rest TEXT NOT NULL,
        PRIMARY KEY (program_id, reward_id)
      ) STRICT;

      CREATE TABLE loyalty_tallies (
        program_id TEXT NOT NULL,
        day TEXT NOT NULL,
        location_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN (${entryKindList})),
        entries INTEGER NOT NULL CHECK (entries >= 0),
        points INTEGER NOT NULL,
        stamps INTEGER NOT NULL,
        PRIMARY KEY (program_id, day, location_id, kind)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_merchants (
        merchant_id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        settings TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision >= 0),
        change_seq INTEGER NOT NULL CHECK (change_seq >= 0),
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_locations (
        merchant_id TEXT NOT NULL,
        location_id TEXT NOT NULL,
        name TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
        PRIMARY KEY (merchant_id, location_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_staff (
        merchant_id TEXT NOT NULL,
        staff_id TEXT NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        location_id TEXT,
        status TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
        pin_hash TEXT NOT NULL,
        pin_set_at INTEGER NOT NULL,
        last_used_at INTEGER,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (merchant_id, staff_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_pin_attempts (
        merchant_id TEXT NOT NULL,
        subject TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count >= 0),
        since INTEGER NOT NULL,
        locked_until INTEGER,
        PRIMARY KEY (merchant_id, subject)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_requests (
        scope TEXT NOT NULL,
        request_key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        at INTEGER NOT NULL,
        claim_id TEXT NOT NULL,
        answer TEXT,
        PRIMARY KEY (scope, request_key)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE loyalty_merchant_changes (
        merchant_id TEXT NOT NULL,
        seq INTEGER NOT NULL CHECK (seq > 0),
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        subject TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        action TEXT NOT NULL,
        before TEXT,
        after TEXT,
        PRIMARY KEY (merchant_id, seq)
      ) STRICT;
    `,
  },
];
