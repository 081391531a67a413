import type { Queries, ShopDatabase } from './shop-database.ts';
import { type ShopMigration, shopMigrations } from './shop-migrations.ts';

/**
 * Brings the shop's own tables up to date and gives the names of the migrations that it ran; the engine's tables are its store's.
 * All run in one transaction, so that a failure leaves nothing half made, and processes that start together wait for one another.
 *
 * @throws Error when a newer version of the shop has migrated this database.
 *
 * @example
 * await migrateShop(database) //=> ['0001-products'], and [] the next time
 */
export async function migrateShop(
  database: ShopDatabase,
  migrations: readonly ShopMigration[] = shopMigrations,
): Promise<string[]> {
  return database.transaction(async (transaction) => {
    // SQLite has one writer at a time anyway: this transaction has the file to itself.
    if (database.dialect === 'postgres') await waitForOthers(transaction);
    await transaction.run(
      'CREATE TABLE IF NOT EXISTS shop_migrations (name text PRIMARY KEY, ran_at bigint NOT NULL)',
    );
    const pending = await pendingIn(transaction, migrations);
    for (const migration of pending) {
      for (const statement of migration[database.dialect]) await transaction.run(statement);
      await transaction.run('INSERT INTO shop_migrations (name, ran_at) VALUES (?, ?)', [
        migration.name,
        Date.now(),
      ]);
    }
    return pending.map(({ name }) => name);
  });
}

/** Until the transaction ends, no other process comes past this line. `CREATE TABLE IF NOT EXISTS` alone would race. */
async function waitForOthers(transaction: Queries): Promise<void> {
  await transaction.all("SELECT pg_advisory_xact_lock(hashtext('shop_migrations'))");
}

async function pendingIn(
  transaction: Queries,
  migrations: readonly ShopMigration[],
): Promise<ShopMigration[]> {
  const applied = await transaction.all<{ name: string }>('SELECT name FROM shop_migrations ORDER BY name');
  const unknown = applied.find(({ name }) => !migrations.some((migration) => migration.name === name));
  if (unknown) {
    throw new Error(
      `A newer version of the shop has migrated this database: '${unknown.name}' is not known.`,
    );
  }
  return migrations.filter((migration) => !applied.some(({ name }) => name === migration.name));
}
