import type { Knex } from 'knex';

/** Creates the tables of the hand-written ledger in a schema, where they are missing. */
export async function createTables(database: Knex, schema: string): Promise<void> {
  await database.schema.createSchemaIfNotExists(schema);
  if (await database.schema.hasTable('accounts')) return;
  await database.transaction(async (trx) => {
    await trx.schema.createTable('accounts', (table) => {
      table.text('customer_id').primary();
      table.text('status').notNullable().defaultTo('active');
      table.bigInteger('balance').notNullable().defaultTo(0);
      table.bigInteger('earned').notNullable().defaultTo(0);
      table.bigInteger('redeemed').notNullable().defaultTo(0);
      table.integer('last_seq').notNullable().defaultTo(0);
      table.timestamp('updated_at').notNullable();
      table.check('balance >= 0');
    });
    await trx.schema.createTable('transactions', (table) => {
      table.text('customer_id').notNullable().references('accounts.customer_id');
      table.integer('seq').notNullable();
      table.text('kind').notNullable().checkIn(['earn', 'redeem']);
      table.bigInteger('points').notNullable();
      table.bigInteger('balance_after').notNullable();
      table.text('order_id').notNullable();
      table.timestamp('created_at').notNullable();
      table.jsonb('taken_from');
      table.jsonb('explanation').notNullable();
      table.primary(['customer_id', 'seq']);
    });
    await trx.schema.createTable('lots', (table) => {
      table.text('customer_id').notNullable().references('accounts.customer_id');
      table.integer('seq').notNullable();
      table.bigInteger('points').notNullable();
      table.bigInteger('remaining').notNullable();
      table.timestamp('earned_at').notNullable();
      table.timestamp('expires_at').notNullable();
      table.primary(['customer_id', 'seq']);
      table.check('remaining between 0 and points');
    });
    // Knex's own partial indices know no bound values.
    await trx.raw('create index lots_to_spend on lots (customer_id, expires_at, seq) where remaining > 0');
    await trx.schema.createTable('orders', (table) => {
      table.text('customer_id').notNullable().references('accounts.customer_id');
      table.text('order_id').notNullable();
      table.bigInteger('total').notNullable();
      table.bigInteger('earned');
      table.bigInteger('redeemed');
      table.timestamp('created_at').notNullable();
      table.primary(['customer_id', 'order_id']);
    });
    await trx.schema.createTable('idempotency_keys', (table) => {
      table.text('customer_id').notNullable().references('accounts.customer_id');
      table.text('key').notNullable();
      table.text('request').notNullable();
      table.jsonb('outcome').notNullable();
      table.timestamp('created_at').notNullable();
      table.primary(['customer_id', 'key']);
    });
  });
}
