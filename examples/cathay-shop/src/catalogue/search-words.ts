const mostLetters = 40;

/** Words that say nothing about a product. */
const emptyWords = new Set(
  'a an and as at by for from in into is it its of on or so than that the to with'.split(' '),
);

/**
 * The words that a text is found by, each once: lower case, without accents, plurals as singulars, and none that is in every other
 * sentence. The same for products and for what people type, on every database: an index sees nothing but `[a-z0-9]`, so that no
 * text can be its syntax.
 *
 * Letters of other scripts become their code points: `क` is `u915`.
 *
 * @example
 * searchWords("Men's Café Shirts, 500 ml") //=> ['men', 'cafe', 'shirt', '500', 'ml']
 */
export function searchWords(text: string): string[] {
  return everyWord(text).filter((word) => !emptyWords.has(word));
}

/** The words of a text that somebody may still be typing: the last one counts in any case, `the` may become `thermal`. */
export function typedWords(text: string): string[] {
  const words = everyWord(text);
  return words.filter((word, index) => index === words.length - 1 || !emptyWords.has(word));
}

function everyWord(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/['’]s\b/g, '');
  const words = plain.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...new Set(words.map((word) => singular(spelled(word)).slice(0, mostLetters)))];
}

/** Words as a column keeps them: between spaces, so that `LIKE '% shirt %'` finds a whole word. */
export function wordsColumn(words: readonly string[]): string {
  return ` ${words.map((word) => `${word} `).join('')}`;
}

function spelled(word: string): string {
  return word.replace(/[^a-z0-9]/gu, (letter) => `u${(letter.codePointAt(0) ?? 0).toString(16)}`);
}

/** Good enough that "kurtas" finds a kurta and "dresses" a dress; it need not be English, only the same everywhere. */
function singular(word: string): string {
  if (word.length < 4 || !/[a-z]s$/.test(word) || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ss|sh|ch|x)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}
