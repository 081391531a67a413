import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { type FreshDatabase, freshDatabase } from './fresh-database.test-data.ts';
import { migrateShop } from './migrate.ts';
import { type ShopMigration, shopMigrations } from './shop-migrations.ts';

const every = shopMigrations.map(({ name }) => name);

describe.each(['sqlite', 'postgres'] as const)('migrateShop on %s', (dialect) => {
  async function fresh(): Promise<FreshDatabase> {
    const made = await freshDatabase(dialect, inject('postgresUrl'));
    onTestFinished(made.remove);
    return made;
  }
  const step = (name: string, ...statements: string[]): ShopMigration => ({
    name,
    sqlite: statements,
    postgres: statements,
  });

  it('makes the tables and tells what it ran; the second time there is nothing to do', async () => {
    const database = await (await fresh()).open();
    expect(await migrateShop(database)).toEqual(every);
    expect(await migrateShop(database)).toEqual([]);
    expect(await database.all('SELECT id FROM products')).toEqual([]);
  });

  it('five that start at once: all succeed, and one of them ran it', async () => {
    const place = await fresh();
    const databases = [];
    while (databases.length < 5) databases.push(await place.open());
    const ran = await Promise.all(databases.map((database) => migrateShop(database)));
    expect(ran.filter((names) => names.length > 0)).toEqual([every]);
  });

  it('runs what is new in a later version only', async () => {
    const database = await (await fresh()).open();
    const first = step('0001-a', 'CREATE TABLE a (x integer)');
    expect(await migrateShop(database, [first])).toEqual(['0001-a']);
    const second = step('0002-b', 'CREATE TABLE b (x integer)');
    expect(await migrateShop(database, [first, second])).toEqual(['0002-b']);
  });

  it('leaves nothing behind when a statement fails', async () => {
    const database = await (await fresh()).open();
    const broken = step('0001-a', 'CREATE TABLE a (x integer)', 'CREATE TABLE a (x integer)');
    await expect(migrateShop(database, [broken])).rejects.toThrow();
    expect(await migrateShop(database, [step('0001-a', 'CREATE TABLE a (x integer)')])).toEqual(['0001-a']);
  });

  it('refuses a database that a newer version has migrated', async () => {
    const database = await (await fresh()).open();
    await migrateShop(database, [step('9999-future', 'CREATE TABLE a (x integer)')]);
    await expect(migrateShop(database)).rejects.toThrow(/newer version.*9999-future/);
  });
});
