import type { ShopMigration } from '../shop-migrations.ts';

const table = `CREATE TABLE accounts (
  id text PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('customer', 'admin')),
  password text NOT NULL,
  session_version integer NOT NULL DEFAULT 1,
  created_at bigint NOT NULL
)`;

/** People who sign in. A session is good while it carries its account's `session_version`. */
export const accounts: ShopMigration = {
  name: '0002-accounts',
  sqlite: [table],
  postgres: [table],
};
