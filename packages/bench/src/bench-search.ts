import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type Product, productId } from '../../../examples/cathay-shop/src/catalogue/product.ts';
import { type Products, productsOf } from '../../../examples/cathay-shop/src/catalogue/products.ts';
import {
  type RandomNumbers,
  randomNumbers,
} from '../../../examples/cathay-shop/src/catalogue/random-numbers.ts';
import { type SearchQuery, searchQuery } from '../../../examples/cathay-shop/src/catalogue/search-query.ts';
import { seedProducts } from '../../../examples/cathay-shop/src/catalogue/seed-products.ts';
import { migrateShop } from '../../../examples/cathay-shop/src/database/migrate.ts';
import { openPostgres } from '../../../examples/cathay-shop/src/database/open-postgres.ts';
import { openSqlite } from '../../../examples/cathay-shop/src/database/open-sqlite.ts';
import type { ShopDatabase } from '../../../examples/cathay-shop/src/database/shop-database.ts';
import { percentile } from './drive.ts';
import type { StoreName } from './flags.ts';
import { postgresArena } from './postgres-arena.ts';
import { millis, table, whole } from './table.ts';

const productCount = 200_000;
const askedEach = 400;
const mostMs = 20;

/** The shop's search among 200,000 products, one search at a time. */
export async function benchSearch(stores: readonly StoreName[], directory: string): Promise<string> {
  const reports: string[] = [];
  for (const store of stores) {
    reports.push(await (store === 'sqlite' ? benchSqlite(directory) : benchPostgres()));
  }
  return reports.join('\n\n');
}

async function benchSqlite(parent: string): Promise<string> {
  const folder = mkdtempSync(join(parent, 'shop-bench-'));
  try {
    return await benchOn(openSqlite({ file: join(folder, 'shop.sqlite') }), 'SQLite');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchPostgres(): Promise<string> {
  const arena = postgresArena();
  try {
    const url = await arena.emptyDatabase?.();
    if (url === undefined) throw new Error('The arena gives no database');
    const database = await openPostgres({ url });
    return await benchOn(database, arena.describe());
  } finally {
    await arena.close();
  }
}

async function benchOn(database: ShopDatabase, title: string): Promise<string> {
  try {
    await migrateShop(database);
    const filling = performance.now();
    await seedProducts(database, { count: productCount });
    // What autovacuum does on its own within the minute.
    if (database.dialect === 'postgres') await database.run('VACUUM ANALYZE products');
    const seconds = (performance.now() - filling) / 1000;
    const report = await ask(productsOf(database));
    const [load = 0] = loadavg();
    return `${title}: ${whole(productCount)} products, made in ${whole(seconds)} s; ${askedEach} searches of each kind, in turns; load average at the end ${load.toFixed(1)}\n\n${report}`;
  } finally {
    await database.close();
  }
}

/** What people ask, in words of the address; `seen` is a product that they have in mind. */
const questions: Record<
  string,
  (seen: Product, random: RandomNumbers) => Partial<Record<keyof SearchQuery, string>>
> = {
  'a word': ({ name }, random) => ({ q: random.pick(wordsIn(name)) }),
  'two words': ({ name }, random) => ({ q: `${random.pick(wordsIn(name))} ${random.pick(wordsIn(name))}` }),
  'the beginning of a word': ({ name }, random) => ({
    q: random.pick(wordsIn(name)).slice(0, random.between(2, 4)),
  }),
  'a whole name': ({ name }) => ({ q: name }),
  'a word of the description': ({ description }, random) => ({ q: random.pick(wordsIn(description)) }),
  'a word nobody has': (_, random) => ({ q: `zq${random.between(1, 9_999)}` }),
  'a word, a category and prices': ({ name, category, priceMinor }, random) => ({
    q: random.pick(wordsIn(name)),
    category,
    ...around(priceMinor),
  }),
  'a word, sorted by price': ({ name }, random) => ({
    q: random.pick(wordsIn(name)),
    sort: random.pick(['price-asc', 'price-desc']),
  }),
  'a word and prices, newest first': ({ name, priceMinor }, random) => ({
    q: random.pick(wordsIn(name)),
    ...around(priceMinor),
    sort: 'newest',
  }),
  'a category and prices': ({ category, priceMinor }) => ({ category, ...around(priceMinor) }),
  'a category, sorted': ({ category }, random) => ({ category, sort: anySort(random) }),
  'a brand, sorted': ({ brand }, random) => ({ brand, sort: anySort(random) }),
  'prices alone, sorted': ({ priceMinor }, random) => ({ ...around(priceMinor), sort: anySort(random) }),
  'everything, sorted': (_, random) => ({ sort: anySort(random) }),
  'a word, page 2 to 20': ({ name }, random) => ({
    q: random.pick(wordsIn(name)),
    page: String(random.between(2, 20)),
  }),
  'a category, page 2 to 20': ({ category }, random) => ({
    category,
    sort: anySort(random),
    page: String(random.between(2, 20)),
  }),
};

function wordsIn(text: string): string[] {
  return text.match(/[A-Za-z]{3,}/g) ?? [];
}

function around(priceMinor: number): { minPrice: string; maxPrice: string } {
  return { minPrice: String(Math.floor(priceMinor / 150)), maxPrice: String(Math.ceil(priceMinor / 80)) };
}

function anySort(random: RandomNumbers): string {
  return random.pick(['relevance', 'price-asc', 'price-desc', 'newest', 'rating']);
}

async function ask(products: Products): Promise<string> {
  const random = randomNumbers(7);
  const kinds = Object.entries(questions).map(([title, question]) => ({
    title,
    question,
    ms: [] as number[],
  }));
  const warmUps = 20;
  for (let turn = -warmUps; turn < askedEach; turn += 1) {
    for (const { question, ms } of kinds) {
      const seen = await products.get(productId(random.between(1, productCount)));
      if (!seen) throw new Error('A product is missing');
      const query = searchQuery.parse(question(seen, random));
      const start = performance.now();
      await products.search(query);
      const took = performance.now() - start;
      if (turn >= 0) ms.push(took);
    }
  }
  const rows = kinds.map(({ title, ms }) => rowOf(title, ms));
  return table(
    ['', 'p50 ms', 'p99 ms', 'slowest ms', `p99 below ${mostMs}`],
    [
      ...rows,
      rowOf(
        'all',
        kinds.flatMap(({ ms }) => ms),
      ),
    ],
  );
}

function rowOf(title: string, ms: readonly number[]): string[] {
  const sorted = [...ms].sort((a, b) => a - b);
  const p99 = percentile(sorted, 0.99);
  return [
    title,
    millis(percentile(sorted, 0.5)),
    millis(p99),
    millis(sorted.at(-1) ?? Number.NaN),
    p99 < mostMs ? 'met' : 'MISSED',
  ];
}
