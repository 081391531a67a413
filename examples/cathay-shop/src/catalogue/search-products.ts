import type { ShopDatabase, Value } from '../database/shop-database.ts';
import { type Conditions, readWords, type Words } from './read-words.ts';
import { mostResults, type SearchQuery } from './search-query.ts';
import { searchWords, typedWords } from './search-words.ts';
import { textQuery } from './text-query.ts';

export interface Found {
  /** Numbers of the products of one page, in order. */
  numbers: number[];
  /** How many there are on all pages, at most 1,000. */
  total: number;
  /** There are more than `total`. */
  more: boolean;
}

/** Words beyond the sixth change nothing: nobody types that many, and every word costs. */
const mostWords = 6;

const orders: Record<SearchQuery['sort'], string> = {
  relevance: 'rating_tenths DESC, number DESC',
  'price-asc': 'price_minor, number',
  'price-desc': 'price_minor DESC, number DESC',
  newest: 'number DESC',
  rating: 'rating_tenths DESC, number DESC',
};

/**
 * Finds products that have all the words and pass all the filters. By relevance those come first whose name, brand and category
 * have all the words; among them the better rated, then the newer.
 *
 * However many match, a search looks at a bounded number of them, and its order is exact all the same.
 */
export async function searchProducts(database: ShopDatabase, query: SearchQuery): Promise<Found> {
  const { q, page, perPage } = query;
  const end = page * perPage;
  const words = q === undefined ? null : wordsOf(q);
  if (words?.words.length === 0) return { numbers: [], total: 0, more: false };
  const byRelevance = words !== null && query.sort === 'relevance';
  const first = await leg(database, query, words && { ...words, where: byRelevance ? 'title' : 'anywhere' });
  if (!byRelevance || first.matches > mostResults) return pageOf(first, end, perPage);
  const second = await leg(database, query, { ...words, where: 'only-below-title' });
  const both = { numbers: [...first.numbers, ...second.numbers], matches: first.matches + second.matches };
  return pageOf(both, end, perPage);
}

function wordsOf(q: string): Omit<Words, 'where'> {
  // A text that goes on after its last word has been typed to its end, and a single letter begins a third of all words.
  const typing = /[\p{L}\p{N}\p{M}]$/u.test(q);
  const words = (typing ? typedWords(q) : searchWords(q)).slice(0, mostWords);
  return { words, prefix: typing && (words.at(-1)?.length ?? 0) > 1 };
}

/**
 * Up to so many matches are all fetched and sorted. Where there are more, a large shop has so many of them that going through the
 * products in order meets a page full sooner: the later the page, the longer that takes, and by price longest, as no saree is among
 * the cheapest things. Either way gives the same page.
 */
function mostSorted({ sort, page, perPage }: SearchQuery): number {
  if (sort.startsWith('price')) return 8_000;
  return Math.min(8_000, Math.max(mostResults, Math.round(Math.sqrt(page * perPage * 600_000))));
}

interface Leg {
  /** The first ones in order, at least up to the end of the page. */
  numbers: number[];
  /** How many match; one more than are sorted stands for any larger number. */
  matches: number;
}

function pageOf({ numbers, matches }: Leg, end: number, perPage: number): Found {
  return {
    numbers: numbers.slice(end - perPage, end),
    total: Math.min(matches, mostResults),
    more: matches > mostResults,
  };
}

async function leg(database: ShopDatabase, query: SearchQuery, words: Words | null): Promise<Leg> {
  const gathered = await gather(database, query, words);
  if (gathered.matches <= mostSorted(query)) return gathered;
  return { numbers: await walk(database, query, words), matches: gathered.matches };
}

/** Fetches what matches, through the index that narrows it most, and sorts it. */
async function gather(database: ShopDatabase, query: SearchQuery, words: Words | null): Promise<Leg> {
  const text = words && textQuery(database.dialect, words, `${query.category ?? ''} ${query.brand ?? ''}`);
  const filters = filtersOf(query);
  const conditions = [...(text?.conditions ?? []), ...filters.conditions];
  const rows = await database.all<{ number: number; matches: number | string }>(
    `WITH found AS MATERIALIZED (
      SELECT products.number, price_minor, rating_tenths FROM ${text?.from ?? 'products'}
      ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`} LIMIT ?
    )
    SELECT number, (SELECT count(*) FROM found) AS matches FROM found ORDER BY ${orders[query.sort]} LIMIT ?`,
    [...(text?.values ?? []), ...filters.values, mostSorted(query) + 1, query.page * query.perPage],
  );
  return { numbers: rows.map(({ number }) => number), matches: Number(rows[0]?.matches ?? 0) };
}

/** Goes through the products in the order that is wanted, and takes those that match until the page is full. */
async function walk(database: ShopDatabase, query: SearchQuery, words: Words | null): Promise<number[]> {
  // SQLite knows nothing of how many match, and leaves the wanted order for any index that it could use.
  const hidden = database.dialect === 'sqlite' && !query.sort.startsWith('price');
  const filters = filtersOf(query, { hidden });
  const text = words && readWords(words);
  const conditions = [...filters.conditions, ...(text?.conditions ?? [])];
  const rows = await database.all<{ number: number }>(
    `SELECT number FROM products ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY ${orders[query.sort]} LIMIT ?`,
    [...filters.values, ...(text?.values ?? []), query.page * query.perPage],
  );
  return rows.map(({ number }) => number);
}

/** The filters that are given. `hidden` from the planner, no index answers them. */
function filtersOf(
  { category, brand, minPrice, maxPrice }: SearchQuery,
  { hidden }: { hidden: boolean } = { hidden: false },
): Conditions {
  const price = hidden ? 'price_minor + 0' : 'price_minor';
  const filters: [condition: string, value: Value | undefined][] = [
    ['category = ?', category],
    [hidden ? "brand || '' = ?" : 'brand = ?', brand],
    [`${price} >= ?`, minPrice],
    [`${price} <= ?`, maxPrice],
  ];
  const given = filters.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  return { conditions: given.map(({ condition }) => condition), values: given.map(({ value }) => value) };
}
