import { expect, test } from 'vitest';
import { type Card, newCardState } from '../card/card-state.ts';
import { cardBeyondPoints, cardIdentityColumns, cardsTable } from './card-tables.ts';

const card: Card = newCardState({ cardId: 'card-1', programId: 'miles', customerId: 'sachin' }).card;

/** A value of the same kind that is another one. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return [[1, 1, 1]];
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, another(part)]));
  return `${String(value)}?`;
}

// A store that leaves alone what points do not move would lose a field that one of the two lists forgets.
test.each(Object.keys(card) as (keyof Card)[])(
  'a change of %s is in the columns that are written for it',
  (field) => {
    const before = cardsTable.toRow(card, card.cardId);
    const after = cardsTable.toRow({ ...card, [field]: another(card[field]) } as Card, card.cardId);
    const columns = cardsTable.columns.slice(cardIdentityColumns).flatMap(([name], index) => {
      const place = cardIdentityColumns + index;
      return before[place] === after[place] ? [] : [name];
    });
    const beyond: Partial<Record<keyof Card, string>> = cardBeyondPoints;
    const aside = new Set<string>(Object.values(cardBeyondPoints));
    if (beyond[field] === undefined) expect(columns.filter((name) => aside.has(name))).toEqual([]);
    else expect(columns).toEqual([beyond[field]]);
  },
);
