import type { Product } from './product.ts';
import type { Found } from './search-products.ts';
import type { SearchQuery } from './search-query.ts';
import { searchWords, typedWords } from './search-words.ts';

/** What a search is to find, the slow way: every product is looked at and all that match are sorted. */
export function searchNaively(products: readonly Product[], query: SearchQuery): Found {
  const { q, category, brand, minPrice = 0, maxPrice = Number.POSITIVE_INFINITY, page, perPage } = query;
  const typing = /\w$/.test(q ?? '');
  const wanted = q === undefined ? [] : typing ? typedWords(q) : searchWords(q);
  const last = typing ? wanted.at(-1) : undefined;
  const found = (texts: string[]) => {
    const words = wordsOf(texts.join(' '));
    return wanted.every(
      (word) =>
        words.includes(word) ||
        (word === last && word.length > 1 && words.some((longer) => longer.startsWith(word))),
    );
  };
  const titleOf = (product: Product) => [product.name, product.brand, product.category];
  const matches = products.filter(
    (product) =>
      (q === undefined || wanted.length > 0) &&
      found([...titleOf(product), product.description]) &&
      (category === undefined || product.category === category) &&
      (brand === undefined || product.brand === brand) &&
      product.priceMinor >= minPrice &&
      product.priceMinor <= maxPrice,
  );
  const inTitle = new Set(matches.filter((product) => found(titleOf(product))));
  const better = (a: Product, b: Product) => b.ratingTenths - a.ratingTenths || b.number - a.number;
  const orders: Record<SearchQuery['sort'], (a: Product, b: Product) => number> = {
    relevance: (a, b) => Number(inTitle.has(b)) - Number(inTitle.has(a)) || better(a, b),
    'price-asc': (a, b) => a.priceMinor - b.priceMinor || a.number - b.number,
    'price-desc': (a, b) => b.priceMinor - a.priceMinor || b.number - a.number,
    newest: (a, b) => b.number - a.number,
    rating: better,
  };
  const numbers = matches.sort(orders[query.sort]).map(({ number }) => number);
  return {
    numbers: numbers.slice((page - 1) * perPage, page * perPage),
    total: Math.min(numbers.length, 1_000),
    more: numbers.length > 1_000,
  };
}

const known = new Map<string, string[]>();

function wordsOf(text: string): string[] {
  const words = known.get(text) ?? searchWords(text);
  known.set(text, words);
  return words;
}
