import type { Value } from '../database/shop-database.ts';

/** Where the words have to be. `only-below-title`: somewhere, but not all of them in the title. */
export type Where = 'title' | 'anywhere' | 'only-below-title';

/** The words of a search. The last one may be the beginning of a longer word. */
export interface Words {
  words: readonly string[];
  prefix: boolean;
  where: Where;
}

/** Conditions on a product, all of which it has to meet. */
export interface Conditions {
  conditions: string[];
  values: Value[];
}

/**
 * The words looked for in the text itself: they have no letter that means something to LIKE. A planner's guess of how many have
 * them may be off by a thousand times, hence the CASE: of that it makes no guess.
 */
export function readWords({ words, prefix, where }: Words): Conditions {
  const patterns = words.map((word, index) =>
    prefix && index === words.length - 1 ? `% ${word}%` : `% ${word} %`,
  );
  const title = patterns.map(() => 'title_words LIKE ?').join(' AND ');
  const either = patterns.map(() => '(title_words LIKE ? OR description_words LIKE ?)').join(' AND ');
  const twice = patterns.flatMap((pattern) => [pattern, pattern]);
  const [condition, values] = {
    title: [title, patterns],
    anywhere: [either, twice],
    'only-below-title': [`${either} AND NOT (${title})`, [...twice, ...patterns]],
  }[where] as [string, string[]];
  return { conditions: [`CASE WHEN ${condition} THEN true ELSE false END`], values };
}
