import type { Queries, ShopDatabase, Value } from '../database/shop-database.ts';
import { generateProducts } from './generate-products.ts';
import type { Product } from './product.ts';
import { searchWords, wordsColumn } from './search-words.ts';

/** Products of one statement: as many values as both databases take with ease. */
const atOnce = 100;

/**
 * Fills an empty catalogue with made-up products and says how many it added; none where there are products already. In one
 * transaction: another process sees all of them or none.
 *
 * @example
 * await seedProducts(database) //=> 500, and 0 the next time
 */
export async function seedProducts(
  database: ShopDatabase,
  { count = 500, seed = 1 }: { count?: number; seed?: number } = {},
): Promise<number> {
  return database.transaction(async (transaction) => {
    const any = await transaction.all('SELECT number FROM products LIMIT 1');
    if (any.length > 0) return 0;
    let batch: Product[] = [];
    let added = 0;
    for (const product of generateProducts(count, seed)) {
      batch.push(product);
      if (batch.length < atOnce) continue;
      added += await insertProducts(transaction, batch);
      batch = [];
    }
    added += await insertProducts(transaction, batch);
    await transaction.run('ANALYZE products');
    return added;
  });
}

/** Adds products and says how many; those whose number is taken, by another process that fills the shop, are left out. */
export async function insertProducts(queries: Queries, products: readonly Product[]): Promise<number> {
  if (products.length === 0) return 0;
  const rows = products.map(rowOf);
  const row = `(${rows[0]?.map(() => '?').join(', ')})`;
  return queries.run(
    `INSERT INTO products (number, id, sku, name, brand, category, description, price_minor, list_price_minor, stock,
      rating_tenths, image_hue, created_at, title_words, description_words)
    VALUES ${rows.map(() => row).join(', ')} ON CONFLICT (number) DO NOTHING`,
    rows.flat(),
  );
}

function rowOf(product: Product): Value[] {
  const { number, id, sku, name, brand, category, description } = product;
  const { priceMinor, listPriceMinor, stock, ratingTenths, imageHue, createdAt } = product;
  const titleWords = searchWords(`${name} ${brand} ${category}`);
  // Each word once: what the title has is found by the title.
  const descriptionWords = searchWords(description).filter((word) => !titleWords.includes(word));
  return [
    ...[number, id, sku, name, brand, category, description],
    ...[priceMinor, listPriceMinor, stock, ratingTenths, imageHue, createdAt],
    ...[wordsColumn(titleWords), wordsColumn(descriptionWords)],
  ];
}
