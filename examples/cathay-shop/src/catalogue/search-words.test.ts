import { expect, it } from 'vitest';
import { searchWords, typedWords, wordsColumn } from './search-words.ts';

it.each([
  ["Men's Café Shirts, 500 ml", ['men', 'cafe', 'shirt', '500', 'ml']],
  ['Dresses, Watches and Brushes', ['dress', 'watch', 'brush']],
  ['Accessories', ['accessory']],
  ['Glass Bus Yes', ['glass', 'bus', 'yes']],
  ['cotton COTTON Cottons', ['cotton']],
  ['ＦＵＬＬ ｗｉｄｔｈ', ['full', 'width']],
  ['क', ['u915']],
  ['🎁 !!! " \' % _ \\ \0', []],
  ['', []],
])('the words of %j', (text, words) => {
  expect(searchWords(text)).toEqual(words);
});

it('no text gives a word with anything but small letters and digits', () => {
  const text = Array.from({ length: 0x3000 }, (_, code) => `a${String.fromCharCode(code)}b`).join('');
  for (const word of searchWords(text)) expect(word).toMatch(/^[a-z0-9]{1,40}$/);
});

it('a column has a space on both sides of every word', () => {
  expect(wordsColumn(['cotton', 'shirt'])).toBe(' cotton shirt ');
  expect(wordsColumn([])).toBe(' ');
});

it('a word that says nothing counts while it may become another', () => {
  expect(typedWords('mat for the')).toEqual(['mat', 'the']);
  expect(searchWords('mat for the')).toEqual(['mat']);
});
