import { entryKinds } from '@loyalty-engine/core';

/** One step of the schema's history, in SQL; `schema` is quoted already. */
export interface SchemaStep {
  name: string;
  sql(schema: string): string;
}

const id = 'text COLLATE "C" NOT NULL';
const optionalId = 'text COLLATE "C"';
const cardReference = (schema: string) =>
  `card_id ${id} REFERENCES ${schema}.cards (card_id) ON DELETE RESTRICT`;
const merchantReference = (schema: string) =>
  `merchant_id ${id} REFERENCES ${schema}.merchants (merchant_id) ON DELETE RESTRICT`;
const entryKindList = entryKinds.map((kind) => `'${kind}'`).join(', ');

// Entries, members, names, holds and vouchers refer to their card, which keeps it from being deleted. Lots, orders and
// receipts do not: every settle writes one of each, in the card's own transaction, and checking them would be a fifth of
// the server's work.
/** In order; a name never changes once released. */
export const schemaSteps: readonly SchemaStep[] = [
  {
    name: '0001-loyalty',
    sql: (schema) => `
      CREATE TABLE ${schema}.programs (
        program_id ${id},
        version integer NOT NULL CHECK (version > 0),
        merchant_id ${id},
        effective_from timestamptz NOT NULL,
        published_at timestamptz NOT NULL,
        definition json NOT NULL,
        PRIMARY KEY (program_id, version)
      );

      -- Every settle updates a row: room on the page lets the new version stay there and leaves the indexes alone.
      CREATE TABLE ${schema}.cards (
        card_id ${id} PRIMARY KEY,
        program_id ${id},
        customer_id ${id},
        number ${id},
        qr_token ${id},
        enrolled_at timestamptz NOT NULL,
        enrolled_location_id ${optionalId},
        status text NOT NULL CHECK (status IN ('active', 'inactive')),
        merged_into ${optionalId},
        seq integer NOT NULL CHECK (seq >= 0),
        balance bigint NOT NULL CHECK (balance >= -debt),
        debt bigint NOT NULL CHECK (debt >= 0),
        pending bigint NOT NULL CHECK (pending >= 0),
        pending_as_of timestamptz NOT NULL,
        held bigint NOT NULL CHECK (held >= 0 AND held <= balance + debt),
        open_holds integer NOT NULL CHECK (open_holds >= 0),
        earned bigint NOT NULL,
        redeemed bigint NOT NULL,
        expired bigint NOT NULL,
        adjusted bigint NOT NULL,
        reversed bigint NOT NULL,
        deadline timestamptz,
        last_posted_at timestamptz NOT NULL,
        last_recorded_at timestamptz NOT NULL,
        stamps integer NOT NULL CHECK (stamps >= 0),
        stamps_earned integer NOT NULL CHECK (stamps_earned >= 0),
        rewards_redeemed integer NOT NULL CHECK (rewards_redeemed >= 0),
        stamp_book json,
        last_stamp_at timestamptz,
        last_points_at timestamptz,
        last_redemption_at timestamptz,
        last_activity_at timestamptz,
        warned_of timestamptz,
        warned_seq integer NOT NULL DEFAULT 0,
        next_expiry_at timestamptz
      ) WITH (fillfactor = 60);
      CREATE INDEX cards_due ON ${schema}.cards (next_expiry_at, card_id) WHERE next_expiry_at IS NOT NULL;
      CREATE INDEX cards_of_program ON ${schema}.cards (program_id, card_id);

      CREATE TABLE ${schema}.members (
        program_id ${id},
        customer_id ${id},
        ${cardReference(schema)},
        PRIMARY KEY (program_id, customer_id)
      );

      CREATE TABLE ${schema}.names (
        name ${id} PRIMARY KEY,
        ${cardReference(schema)}
      );

      CREATE TABLE ${schema}.entries (
        ${cardReference(schema)},
        seq integer NOT NULL CHECK (seq > 0),
        kind text NOT NULL CHECK (kind IN (${entryKindList})),
        points bigint NOT NULL,
        balance_after bigint NOT NULL,
        occurred_at timestamptz NOT NULL,
        posted_at timestamptz NOT NULL CHECK (posted_at >= occurred_at),
        recorded_at timestamptz NOT NULL,
        program_version integer NOT NULL,
        order_id ${optionalId},
        reverses integer,
        location_id ${optionalId},
        actor text,
        staff_id ${optionalId},
        stamps integer NOT NULL,
        rest json NOT NULL,
        PRIMARY KEY (card_id, seq)
      );
      CREATE INDEX entries_recorded ON ${schema}.entries (recorded_at, card_id, seq);
      CREATE INDEX entries_of_order ON ${schema}.entries (order_id) WHERE order_id IS NOT NULL;
      CREATE INDEX entries_reverses ON ${schema}.entries (card_id, reverses) WHERE reverses IS NOT NULL;

      -- The index asks for \`live\`, not for what remains: an index on a column that changes is written with every change.
      CREATE TABLE ${schema}.lots (
        card_id ${id},
        seq integer NOT NULL,
        points bigint NOT NULL CHECK (points > 0),
        remaining bigint NOT NULL CHECK (remaining >= 0 AND remaining + expired <= points),
        expired bigint NOT NULL CHECK (expired >= 0),
        held bigint NOT NULL CHECK (held >= 0 AND held <= remaining),
        earned_at timestamptz NOT NULL,
        burn_at timestamptz NOT NULL,
        available_at timestamptz,
        live boolean NOT NULL GENERATED ALWAYS AS (remaining > 0) STORED,
        PRIMARY KEY (card_id, seq)
      ) WITH (fillfactor = 85);
      CREATE INDEX lots_burn ON ${schema}.lots (card_id, burn_at, earned_at, seq) WHERE live;
      CREATE INDEX lots_pending ON ${schema}.lots (card_id, available_at) WHERE available_at IS NOT NULL;

      CREATE TABLE ${schema}.holds (
        ${cardReference(schema)},
        hold_id ${id},
        order_id ${optionalId},
        status text NOT NULL CHECK (status IN ('open', 'lapsed', 'captured', 'released')),
        asked bigint NOT NULL CHECK (asked >= points),
        points bigint NOT NULL CHECK (points >= 0),
        value bigint NOT NULL CHECK (value >= 0),
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        program_version integer NOT NULL,
        lots json NOT NULL,
        purchase json,
        staff_id ${optionalId},
        PRIMARY KEY (card_id, hold_id)
      );
      CREATE INDEX holds_open ON ${schema}.holds (card_id) WHERE status = 'open';

      CREATE TABLE ${schema}.orders (
        card_id ${id},
        order_id ${id},
        program_version integer NOT NULL,
        payable bigint NOT NULL CHECK (payable >= 0),
        earned bigint CHECK (earned >= 0),
        earn_seq integer,
        refunded_amount bigint NOT NULL CHECK (refunded_amount >= 0 AND refunded_amount <= payable),
        money_back bigint NOT NULL CHECK (money_back >= 0 AND money_back <= payable),
        clawed_back bigint NOT NULL CHECK (clawed_back >= 0),
        clawed_expired bigint NOT NULL CHECK (clawed_expired >= 0 AND clawed_expired <= clawed_back),
        purchase json NOT NULL,
        redemptions json,
        refunded_quantities json,
        PRIMARY KEY (card_id, order_id)
      );

      CREATE TABLE ${schema}.receipts (
        card_id ${id},
        key ${id},
        fingerprint text NOT NULL,
        first_seq integer NOT NULL,
        entry_count integer NOT NULL,
        outcome json NOT NULL,
        PRIMARY KEY (card_id, key)
      );

      CREATE TABLE ${schema}.vouchers (
        ${cardReference(schema)},
        code ${id},
        seq integer NOT NULL CHECK (seq > 0),
        reward_id ${optionalId},
        status text NOT NULL CHECK (status IN ('issued', 'used', 'void')),
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        used_location_id ${optionalId},
        order_id ${optionalId},
        rest json NOT NULL,
        PRIMARY KEY (card_id, code)
      );
      CREATE UNIQUE INDEX vouchers_of_entry ON ${schema}.vouchers (card_id, seq);
      CREATE INDEX vouchers_of_reward ON ${schema}.vouchers (card_id, reward_id) WHERE reward_id IS NOT NULL;

      CREATE TABLE ${schema}.rewards (
        program_id ${id},
        reward_id ${id},
        name text NOT NULL,
        status text NOT NULL CHECK (status IN ('active', 'withdrawn')),
        stock integer,
        redeemed integer NOT NULL CHECK (redeemed >= 0 AND (stock IS NULL OR redeemed <= stock)),
        rest json NOT NULL,
        PRIMARY KEY (program_id, reward_id)
      ) WITH (fillfactor = 60);

      CREATE TABLE ${schema}.merchants (
        merchant_id ${id} PRIMARY KEY,
        name text NOT NULL,
        settings json NOT NULL,
        revision integer NOT NULL CHECK (revision >= 0),
        change_seq integer NOT NULL CHECK (change_seq >= 0),
        created_at timestamptz NOT NULL
      );

      CREATE TABLE ${schema}.locations (
        ${merchantReference(schema)},
        location_id ${id},
        name text NOT NULL,
        time_zone text NOT NULL,
        status text NOT NULL CHECK (status IN ('open', 'closed')),
        PRIMARY KEY (merchant_id, location_id)
      );

      CREATE TABLE ${schema}.staff (
        ${merchantReference(schema)},
        staff_id ${id},
        name text NOT NULL,
        role text NOT NULL,
        location_id ${optionalId},
        status text NOT NULL CHECK (status IN ('active', 'inactive')),
        pin_hash text NOT NULL,
        pin_set_at timestamptz NOT NULL,
        last_used_at timestamptz,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (merchant_id, staff_id)
      );

      -- Attempts are counted for merchants and staff that do not exist, too: they must look the same.
      CREATE TABLE ${schema}.pin_attempts (
        merchant_id ${id},
        subject ${id},
        count integer NOT NULL CHECK (count >= 0),
        since timestamptz NOT NULL,
        locked_until timestamptz,
        PRIMARY KEY (merchant_id, subject)
      ) WITH (fillfactor = 60);

      CREATE TABLE ${schema}.requests (
        scope ${id},
        request_key ${id},
        fingerprint text NOT NULL,
        at timestamptz NOT NULL,
        claim_id ${id},
        answer text,
        PRIMARY KEY (scope, request_key)
      );

      CREATE TABLE ${schema}.merchant_changes (
        ${merchantReference(schema)},
        seq integer NOT NULL CHECK (seq > 0),
        at timestamptz NOT NULL,
        actor text NOT NULL,
        subject text NOT NULL,
        subject_id ${id},
        action text NOT NULL,
        before json,
        after json,
        PRIMARY KEY (merchant_id, seq)
      );

      -- Settled work adds rows and waits for nobody; \`tidy\` moves them into the sums.
      CREATE TABLE ${schema}.tallies (
        program_id ${id},
        day ${id},
        location_id ${id},
        kind ${id},
        entries integer NOT NULL,
        points bigint NOT NULL,
        stamps bigint NOT NULL
      );
      CREATE INDEX tallies_of_day ON ${schema}.tallies (program_id, day);

      CREATE TABLE ${schema}.tally_sums (
        program_id ${id},
        day ${id},
        location_id ${id},
        kind ${id},
        entries bigint NOT NULL,
        points bigint NOT NULL,
        stamps bigint NOT NULL,
        PRIMARY KEY (program_id, day, location_id, kind)
      ) WITH (fillfactor = 60);
    `,
  },
];
