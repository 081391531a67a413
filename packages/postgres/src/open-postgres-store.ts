import { LoyaltyError } from '@loyalty-engine/core';
import knexOf, { type Knex } from 'knex';
import { type PostgresStore, postgresStore } from './postgres-store.ts';

/** `knex`: the host's own instance, used as it is. `connectionString`: the store opens and owns one. */
export type PostgresStoreOptions = (
  | { knex: Knex; connectionString?: never; pool?: never }
  | {
      /** `postgres://user:password@host:5432/database`. */
      connectionString: string;
      knex?: never;
      /** As Knex takes it. Default: up to 10 connections, none kept idle. */
      pool?: Knex.PoolConfig;
    }
) & {
  /** Where the tables are. Default 'loyalty'. */
  schema?: string;
  /** False where a pooler gives every transaction another connection (PgBouncer in transaction mode). Default true. */
  preparedStatements?: boolean;
  /**
   * How long work is tried again when the connection is lost, the server restarts or another transaction is in the way,
   * in milliseconds. 0: never. Default 5,000.
   */
  retryForMs?: number;
};

/**
 * A store on PostgreSQL 14 or newer. Opens no connection yet and makes no tables: call `migrate()` once a deployment.
 *
 * @throws LoyaltyError INVALID_OPTIONS.
 * @example
 * const store = openPostgresStore({ knex })
 * await store.migrate()
 * const loyalty = createLoyalty({ store })
 */
export function openPostgresStore(options: PostgresStoreOptions): PostgresStore {
  const { schema = 'loyalty', preparedStatements = true, retryForMs = 5_000 } = options;
  if (
    typeof schema !== 'string' ||
    schema === '' ||
    Buffer.byteLength(schema) > 63 ||
    /\0|^pg_|\\\?/.test(schema)
  )
    throw invalidOption(
      'schema',
      'expected a name of 1 to 63 bytes that does not begin with pg_ and has no \\? in it',
    );
  if (typeof preparedStatements !== 'boolean')
    throw invalidOption('preparedStatements', 'expected true or false');
  if (!Number.isInteger(retryForMs) || retryForMs < 0)
    throw invalidOption('retryForMs', 'expected whole milliseconds of zero or more');
  const common = { schema, preparedStatements, retryForMs };
  if (options.knex) {
    const { knex } = options;
    if (typeof knex !== 'function' || knex.client?.driverName !== 'pg' || knex.isTransaction)
      throw invalidOption('knex', "expected an instance of Knex with client 'pg', and no transaction");
    return postgresStore({ ...common, knex, onClose: async () => {} });
  }
  if (typeof options.connectionString !== 'string' || options.connectionString === '')
    throw invalidOption(
      'connectionString',
      'expected postgres://user:password@host:port/database, or give a knex',
    );
  const knex = knexOf({
    client: 'pg',
    connection: { connectionString: options.connectionString },
    pool: { min: 0, max: 10, ...options.pool },
    // What goes wrong is thrown; Knex would print it as well, at every attempt.
    log: { warn() {}, error() {} },
  });
  return postgresStore({ ...common, knex, onClose: () => knex.destroy() });
}

function invalidOption(field: string, message: string): LoyaltyError {
  return new LoyaltyError('INVALID_OPTIONS', `${field}: ${message}`);
}
