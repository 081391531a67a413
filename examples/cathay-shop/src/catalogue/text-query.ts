import { search, titleSearch } from '../database/migrations/0001-products.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { type Conditions, readWords, type Words } from './read-words.ts';
import { searchWords } from './search-words.ts';

/** A search for words by the database's own full-text index. */
export interface TextQuery extends Conditions {
  from: string;
}

/**
 * Words have nothing but `[a-z0-9]` in them, so between quotes they are words in either language, `AND` and `near` too. What
 * passes the filters has the words of its category and its brand in its title: the index leaves out most of the rest.
 */
export function textQuery(dialect: ShopDatabase['dialect'], words: Words, filters: string): TextQuery {
  const filterWords = searchWords(filters);
  return dialect === 'sqlite' ? sqliteText(words, filterWords) : postgresText(words, filterWords);
}

function sqliteText({ words, prefix, where }: Words, filterWords: readonly string[]): TextQuery {
  const last = words.length - 1;
  const all = words.map((word, index) => `"${word}"${prefix && index === last ? '*' : ''}`).join(' AND ');
  const filters = filterWords.map((word) => ` AND {title_words} : "${word}"`).join('');
  const match = {
    title: `{title_words} : (${all})${filters}`,
    anywhere: `(${all})${filters}`,
    'only-below-title': `(${all})${filters} NOT ({title_words} : (${all}))`,
  }[where];
  return {
    // CROSS JOIN: the text's index first, whatever the planner believes.
    from: `products_text CROSS JOIN products INDEXED BY products_figures
      ON products.number = products_text.rowid`,
    conditions: ['products_text MATCH ?'],
    values: [match],
  };
}

function postgresText({ words, prefix, where }: Words, filterWords: readonly string[]): TextQuery {
  const last = words.length - 1;
  const quoted = words.map((word, index) => `'${word}'${prefix && index === last ? ':*' : ''}`);
  const all = [...quoted, ...filterWords.map((word) => `'${word}'`)].join(' & ');
  if (where === 'title')
    return { from: 'products', conditions: [`${titleSearch} @@ ?::tsquery`], values: [all] };
  const anywhere = { from: 'products', conditions: [`${search} @@ ?::tsquery`], values: [all] };
  if (where === 'anywhere') return anywhere;
  const inTitle = readWords({ words, prefix, where: 'title' });
  return {
    ...anywhere,
    conditions: [...anywhere.conditions, `NOT ${inTitle.conditions[0]}`],
    values: [...anywhere.values, ...inTitle.values],
  };
}
