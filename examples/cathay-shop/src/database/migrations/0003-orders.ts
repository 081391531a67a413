import type { ShopMigration } from '../shop-migrations.ts';

/** Both databases take the same text. Amounts are paise, instants epoch milliseconds, `items` and `failure` are JSON. */
const statements = [
  `CREATE TABLE orders (
    id text PRIMARY KEY,
    customer_id text NOT NULL,
    idempotency_key text NOT NULL,
    fingerprint text NOT NULL,
    items text NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor > 0),
    points bigint NOT NULL CHECK (points >= 0),
    points_value_minor bigint NOT NULL CHECK (points_value_minor >= 0),
    amount_due_minor bigint NOT NULL CHECK (amount_due_minor >= 0),
    points_earned bigint CHECK (points_earned >= 0),
    hold_id text,
    payment_id text,
    payment_status text NOT NULL CHECK (payment_status IN ('pending', 'paid', 'failed')),
    refunded_minor bigint NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND total_minor),
    step text NOT NULL CHECK (step IN ('placing', 'committed', 'done', 'cancelling', 'cancelled')),
    failure text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    UNIQUE (customer_id, idempotency_key),
    CHECK (points_value_minor + amount_due_minor = total_minor),
    CHECK ((payment_status = 'failed') = (step IN ('cancelling', 'cancelled'))),
    CHECK ((payment_status = 'paid') = (step IN ('committed', 'done'))),
    CHECK ((failure IS NULL) = (payment_status <> 'failed'))
  )`,
  'CREATE INDEX orders_of_customer ON orders (customer_id, created_at, id)',
  // What the reconciler looks for; an order that is over is not in it.
  "CREATE INDEX orders_under_way ON orders (updated_at) WHERE step IN ('placing', 'committed', 'cancelling')",
  // What a customer has open at their bank.
  "CREATE INDEX orders_at_the_bank ON orders (customer_id) WHERE step = 'placing' AND payment_id IS NOT NULL",
  `CREATE TABLE refunds (
    id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders (id),
    idempotency_key text NOT NULL,
    fingerprint text NOT NULL,
    lines text,
    reason text NOT NULL,
    actor text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    money_minor bigint NOT NULL CHECK (money_minor BETWEEN 0 AND amount_minor),
    points_returned bigint NOT NULL CHECK (points_returned >= 0),
    points_taken_back bigint NOT NULL CHECK (points_taken_back >= 0),
    balance_after bigint NOT NULL,
    step text NOT NULL CHECK (step IN ('paying', 'done', 'failed')),
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    UNIQUE (order_id, idempotency_key)
  )`,
  "CREATE INDEX refunds_under_way ON refunds (updated_at) WHERE step = 'paying'",
];

/** Orders, with the step of the checkout that each has reached, and the refunds of them. */
export const orders: ShopMigration = { name: '0003-orders', sqlite: statements, postgres: statements };
