import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../database/fresh-database.test-data.ts';
import { migrateShop } from '../database/migrate.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { generateProducts } from './generate-products.ts';
import { type Product, productId } from './product.ts';
import { type Products, productsOf } from './products.ts';
import { randomNumbers } from './random-numbers.ts';
import { searchNaively } from './search-naively.test-data.ts';
import { type SearchQuery, searchQuery } from './search-query.ts';
import { insertProducts, seedProducts } from './seed-products.ts';

type Words = Partial<Record<keyof SearchQuery, string>>;

function product(number: number, name: string, rest: Partial<Product> = {}): Product {
  const figures = { priceMinor: 10_000, listPriceMinor: 90_000, stock: 1, ratingTenths: 40, imageHue: 0 };
  const texts = {
    sku: `SKU-${number}`,
    brand: 'Kaveri',
    category: 'Home Decor',
    description: 'For a shelf.',
  };
  return { number, id: productId(number), name, ...texts, ...figures, createdAt: number, ...rest };
}

const shelf: Product[] = [
  product(1, 'Kaveri Cotton Kurta, Indigo', { category: "Men's Clothing", priceMinor: 49_950 }),
  product(2, 'Kaveri Silk Kurta, Indigo', {
    category: "Men's Clothing",
    priceMinor: 79_900,
    ratingTenths: 49,
  }),
  product(3, 'Rangoli Cotton Sheet', { brand: 'Rangoli', priceMinor: 49_951, ratingTenths: 45 }),
  product(4, 'Rangoli Brass Diya', {
    brand: 'Rangoli',
    description: 'Comes in a cotton bag.',
    ratingTenths: 50,
  }),
  product(5, 'Kaveri Lamp AND NOT OR NEAR', { priceMinor: 20_000, ratingTenths: 0 }),
  product(6, 'Café Cups, 250 ml', { priceMinor: 20_000, ratingTenths: 30, category: 'Kitchen & Dining' }),
];

/** What people ask, and the numbers of the products that they get, in order. */
const facts: [what: string, query: Words, numbers: number[]][] = [
  ['nothing asked: all, the best rated first', {}, [4, 2, 3, 1, 6, 5]],
  ['a word in the name comes before a word in the description', { q: 'cotton' }, [3, 1, 4]],
  ['all words have to be there', { q: 'cotton kurta' }, [1]],
  ['the order of words does not matter, nor do capitals', { q: 'KURTA cotton' }, [1]],
  ['the last word may be a beginning', { q: 'cotton kur' }, [1]],
  ['an earlier word may not', { q: 'cott kurta' }, []],
  ['a word that is ended by a space is whole', { q: 'kur ' }, []],
  ['one letter is no beginning', { q: 'k' }, []],
  ['a plural finds the singular', { q: 'kurtas' }, [2, 1]],
  ['a singular finds the plural', { q: 'cup' }, [6]],
  ['accents do not matter', { q: 'cafe' }, [6]],
  ['a brand and a category are words of the title', { q: 'rangoli decor' }, [4, 3]],
  ['words of full-text languages are words', { q: 'not near' }, [5]],
  ['words that say nothing need not be there', { q: 'the kurta with cotton' }, [1]],
  ['and alone they find nothing', { q: 'and the ' }, []],
  ['the last one may become another', { q: 'a' }, []],
  ['words from title and description together', { q: 'diya bag' }, [4]],
  ['a brand', { brand: 'Rangoli' }, [4, 3]],
  ['a brand is its whole name', { brand: 'Rang' }, []],
  ['a category', { category: "Men's Clothing" }, [2, 1]],
  ['a word and a category', { q: 'indigo', category: "Men's Clothing" }, [2, 1]],
  ['a word, a category that has none of it', { q: 'indigo', category: 'Home Decor' }, []],
  ['prices include both ends, to the paisa', { minPrice: '499.50', maxPrice: '499.50' }, [1]],
  ['a lower price', { minPrice: '499.51' }, [2, 3]],
  ['an upper price', { maxPrice: '100' }, [4]],
  ['the cheapest first', { sort: 'price-asc' }, [4, 5, 6, 1, 3, 2]],
  ['the dearest first', { sort: 'price-desc' }, [2, 3, 1, 6, 5, 4]],
  ['the newest first', { q: 'cotton', sort: 'newest' }, [4, 3, 1]],
  ['the best rated first', { q: 'cotton', sort: 'rating' }, [4, 3, 1]],
  ['all filters at once', { q: 'kurta', brand: 'Kaveri', category: "Men's Clothing", maxPrice: '500' }, [1]],
  ['a first page', { perPage: '2' }, [4, 2]],
  ['a later page', { perPage: '2', page: '3' }, [6, 5]],
  ['a page after the last', { perPage: '2', page: '4' }, []],
  ['the second page goes on below the titles', { q: 'cotton', perPage: '2', page: '2' }, [4]],
  ['a text without a word finds nothing', { q: ' "*" ' }, []],
  ['an empty text finds nothing', { q: '' }, []],
];

const hostile = [
  ...[
    "'",
    '"',
    '""',
    "' OR 1=1 --",
    "'; DROP TABLE products; --",
    '") OR ("',
    'a" OR "b',
    '*',
    'cotton*',
    '^a',
  ],
  ...[
    'cotton AND',
    'NOT',
    'NEAR(',
    'NEAR("a" "b", 2)',
    'title_words:cotton',
    '{title_words}',
    '-cotton',
    '+',
    '(',
  ],
  ...[
    'a:*',
    "a' & 'b",
    '!!',
    '<->',
    'a <2> b',
    ':A',
    '\\',
    '\\\\',
    '%',
    '_',
    '?',
    '??',
    '$1',
    '\0',
    'cot\0ton',
  ],
  ...[
    '🎁',
    '👩‍👩‍👧',
    '\ud800',
    'कुर्ता',
    'قميص',
    '\u202e',
    'ǅ',
    'ﬀ',
    '\u0301',
    ' '.repeat(50),
    'a'.repeat(10_000),
  ],
  ...[
    '"'.repeat(10_000),
    'x '.repeat(5_000),
    '__proto__',
    'constructor',
    'null',
    'undefined',
    '1e999',
    '-1',
    'NaN',
  ],
];

describe.each(['sqlite', 'postgres'] as const)('a search on %s', (dialect) => {
  let place: FreshDatabase;
  let database: ShopDatabase;
  let products: Products;
  const numbersOf = async (words: Words) => {
    const result = await products.search(searchQuery.parse(words));
    return result.products.map(({ number }) => number);
  };

  beforeAll(async () => {
    place = await freshDatabase(dialect, inject('postgresUrl'));
    database = await place.open();
    await migrateShop(database);
    await insertProducts(database, shelf);
    products = productsOf(database);
  });
  afterAll(() => place.remove());

  it.each(facts)('%s', async (_, words, numbers) => {
    expect(await numbersOf(words)).toEqual(numbers);
    const filters = { ...words, page: '1', perPage: '50' };
    expect((await products.search(searchQuery.parse(filters))).total).toBe((await numbersOf(filters)).length);
  });

  it('no text is an error, whatever is in it, and none finds more than its words', async () => {
    for (const q of hostile) {
      const query = { ...searchQuery.parse({}), q };
      const { total } = await products.search(query);
      expect(total, JSON.stringify(q).slice(0, 40)).toBe(searchNaively(shelf, query).total);
    }
    expect((await database.all('SELECT id FROM products')).length).toBe(shelf.length);
  });

  it('SQL in a brand or a category finds nothing and changes nothing', async () => {
    for (const text of ["' OR 1=1 --", '"; DROP TABLE products; --', '?', '%', '__proto__']) {
      expect(await numbersOf({ brand: text, q: 'cotton' })).toEqual([]);
      expect(await numbersOf({ category: text })).toEqual([]);
    }
    expect((await numbersOf({})).length).toBe(shelf.length);
  });

  it('sees a product that is renamed, repriced or removed at once', async () => {
    const lamp = product(7, 'Kaveri Jute Mat', { priceMinor: 5_000 });
    await insertProducts(database, [lamp]);
    expect(await numbersOf({ q: 'jute' })).toEqual([7]);
    await database.run("UPDATE products SET title_words = ' coir mat ', price_minor = 6000 WHERE number = 7");
    expect(await numbersOf({ q: 'jute' })).toEqual([]);
    expect(await numbersOf({ q: 'coir', minPrice: '60', maxPrice: '60' })).toEqual([7]);
    await database.run('DELETE FROM products WHERE number = 7');
    expect(await numbersOf({ q: 'coir' })).toEqual([]);
  });

  it('gives a product by its id, and none for an id that there is not', async () => {
    expect(await products.get('CS-000003')).toEqual(shelf[2]);
    expect(await products.get('CS-000099')).toBeNull();
  });
});

describe.each(['sqlite', 'postgres'] as const)('3,000 products on %s', (dialect) => {
  const all = [...generateProducts(3_000, 5)];
  let place: FreshDatabase;
  let products: Products;

  beforeAll(async () => {
    place = await freshDatabase(dialect, inject('postgresUrl'));
    const database = await place.open();
    await migrateShop(database);
    expect(await seedProducts(database, { count: 3_000, seed: 5 })).toBe(3_000);
    expect(await seedProducts(database, { count: 3_000, seed: 6 })).toBe(0);
    products = productsOf(database);
  }, 30_000);
  afterAll(() => place.remove());

  it('random searches find just what looking at every product finds, in the same order', async () => {
    const random = randomNumbers(11);
    const word = ({ name, description }: Product) => {
      const picked = random.pick(`${name} ${description}`.match(/[A-Za-z]+/g) ?? []);
      return random.next() < 0.3 ? picked.slice(0, 2) : picked;
    };
    for (let turn = 0; turn < 100; turn += 1) {
      const seen = random.pick(all);
      const maybe = <Value>(chance: number, value: Value) => (random.next() < chance ? value : undefined);
      const given: Record<string, string | undefined> = {
        q: maybe(0.7, random.next() < 0.3 ? `${word(seen)} ${word(seen)}` : word(seen)),
        category: maybe(0.2, seen.category),
        brand: maybe(0.1, seen.brand),
        minPrice: maybe(0.3, String(Math.floor(seen.priceMinor / 200))),
        maxPrice: maybe(0.2, String(Math.ceil(seen.priceMinor / 50))),
        sort: maybe(0.6, random.pick(['price-asc', 'price-desc', 'newest', 'rating'])),
        // Short pages: of the two ways to a page, dense words then take the one for large shops.
        page: String(random.pick([1, 1, 2, 40])),
        perPage: '2',
      };
      const query = searchQuery.parse(JSON.parse(JSON.stringify(given)));
      const { products: page, total, more } = await products.search(query);
      const found = { numbers: page.map(({ number }) => number), total, more };
      expect(found, JSON.stringify(given)).toEqual(searchNaively(all, query));
    }
  }, 60_000);

  it('words that most products have are searched in order, too', async () => {
    for (const words of [
      { q: 'ma' },
      { q: 'ma', sort: 'price-asc' },
      { q: 'ma', sort: 'newest', page: '9' },
      { q: 'ma', minPrice: '100', maxPrice: '5000', sort: 'rating' },
    ]) {
      const query = searchQuery.parse({ ...words, perPage: '2' });
      const { products: page, total, more } = await products.search(query);
      const found = { numbers: page.map(({ number }) => number), total, more };
      expect(found, JSON.stringify(words)).toEqual(searchNaively(all, query));
      expect(more).toBe(true);
    }
  });
});

describe('the parameters of a search', () => {
  it.each([
    [{ page: '0' }, 'page'],
    [{ page: '-1' }, 'page'],
    [{ page: 'NaN' }, 'page'],
    [{ page: '1.5' }, 'page'],
    [{ page: '1e2' }, 'page'],
    [{ page: '99999999999999999999' }, 'page'],
    [{ page: '500', perPage: '24' }, 'page'],
    [{ page: ['1', '2'] }, 'page'],
    [{ perPage: '101' }, 'perPage'],
    [{ perPage: '' }, 'perPage'],
    [{ minPrice: '-1' }, 'minPrice'],
    [{ minPrice: '1.999' }, 'minPrice'],
    [{ maxPrice: 'Infinity' }, 'maxPrice'],
    [{ minPrice: '2', maxPrice: '1' }, 'maxPrice'],
    [{ sort: 'best' }, 'sort'],
    [{ q: 'x'.repeat(201) }, 'q'],
    [{ brand: 'a\0b' }, 'brand'],
    [{ category: '' }, 'category'],
  ])('%j is refused at its field', (words, field) => {
    const { error } = searchQuery.safeParse(words);
    expect(error?.issues.map(({ path }) => path.join('.'))).toContain(field);
  });
});
