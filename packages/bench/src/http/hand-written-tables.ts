import type { Knex } from 'knex';
import { customerId, openingPoints } from './customers.ts';

/** Creates the tables of the hand-written routes beside the shop's, with the same products, and customers with as many points. */
export async function createHandWrittenTables(database: Knex, customers: number): Promise<void> {
  await database.schema.createSchema('by_hand');
  await database.transaction(async (trx) => {
    await trx.schema.createTable('products', (table) => {
      table.text('id').primary();
      table.text('sku').notNullable();
      table.text('name').notNullable();
      table.text('category').notNullable();
      table.integer('price_minor').notNullable();
      table.integer('stock').notNullable();
      table.check('stock >= 0');
    });
    await trx.raw(
      'INSERT INTO products SELECT id, sku, name, category, price_minor, stock FROM public.products',
    );
    await trx.schema.createTable('customers', (table) => {
      table.text('id').primary();
      table.bigInteger('balance').notNullable().defaultTo(0);
      table.bigInteger('held').notNullable().defaultTo(0);
      table.check('held between 0 and balance');
    });
    await createOrders(trx);
    await trx.schema.createTable('store_orders', (table) => {
      table.text('id').primary();
      table.text('customer_id').notNullable().references('customers.id');
      table.bigInteger('total_minor').notNullable();
      table.bigInteger('points_earned').notNullable();
      table.text('idempotency_key').notNullable().unique();
      table.timestamp('created_at').notNullable();
    });
    await trx.schema.createTable('points_log', (table) => {
      table.bigIncrements('id');
      table.text('customer_id').notNullable().references('customers.id');
      table.text('order_id').notNullable();
      table.text('kind').notNullable().checkIn(['earn', 'redeem']);
      table.bigInteger('points').notNullable();
      table.bigInteger('balance_after').notNullable();
      table.timestamp('created_at').notNullable();
      table.index(['customer_id', 'id']);
    });
    const rows = Array.from({ length: customers }, (_, index) => ({
      id: customerId(index),
      balance: openingPoints,
    }));
    await trx.batchInsert('customers', rows);
  });
  await database.raw('ANALYZE');
}

async function createOrders(trx: Knex.Transaction): Promise<void> {
  await trx.schema.createTable('orders', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().references('customers.id');
    table.text('idempotency_key').notNullable();
    table.text('fingerprint').notNullable();
    table.jsonb('items').notNullable();
    table.bigInteger('total_minor').notNullable();
    table.bigInteger('points').notNullable();
    table.bigInteger('amount_due_minor').notNullable();
    table.bigInteger('points_earned');
    table.text('payment_id');
    table.text('payment_status').notNullable().checkIn(['pending', 'paid', 'failed']);
    table.text('step').notNullable().checkIn(['placing', 'committed', 'done', 'cancelled']);
    table.timestamp('created_at').notNullable();
    table.timestamp('updated_at').notNullable();
    table.unique(['customer_id', 'idempotency_key']);
    table.index(['customer_id', 'created_at', 'id']);
  });
  // Knex's own partial indices know no bound values.
  await trx.raw(
    "CREATE INDEX orders_under_way ON orders (updated_at) WHERE step IN ('placing', 'committed')",
  );
}
