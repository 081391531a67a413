import { type Card, type Cell, type Changes, cardIdentityColumns, cardsTable } from '@loyalty-engine/core';
import type { Call } from './pipeline.ts';
import { arrayParameter, writeRows } from './rows.ts';
import {
  cardFigures,
  cardPoints,
  memberColumns,
  nameColumns,
  renamedMemberColumns,
  type Statements,
} from './statements.ts';

/**
 * The calls that write a batch's cards, and by what they are found. New members and names are in order, so that two
 * batches that make the same ones wait for each other and never in a circle.
 */
export function cardCalls(statements: Statements, { cards, names }: Changes): Call[] {
  const newCards = cards.filter(({ isNew }) => isNew).map(({ card }) => card);
  const kept = cards.filter(({ isNew }) => !isNew);
  const renamed = kept.filter((one) => one.renamed !== null).map(({ card }) => card);
  const points = kept.filter(({ pointsOnly }) => pointsOnly).map(({ card }) => card);
  const others = kept.filter((one) => one.renamed === null && !one.pointsOnly).map(({ card }) => card);
  const newMembers = newCards.map(({ programId, customerId, cardId }) => [programId, customerId, cardId]);
  const renamedMembers = kept.flatMap(({ card, renamed: was }) =>
    was && was.customerId !== card.customerId ? [[card.programId, was.customerId, card.customerId]] : [],
  );
  const newNames = names.added.map(({ name, cardId }) => [name, cardId]);
  const calls = [
    ...writeRows(statements.insertCards, cardsTable.columns, newCards.map(rowOf)),
    ...writeRows(statements.insertMembers, memberColumns, newMembers.sort(compareKeys)),
    ...writeRows(statements.renameMembers, renamedMemberColumns, renamedMembers.sort(compareKeys)),
  ];
  if (names.removed.length > 0)
    calls.push({ statement: statements.deleteNames, values: [arrayParameter('text', names.removed)] });
  calls.push(
    ...writeRows(statements.insertNames, nameColumns, newNames.sort(compareKeys)),
    ...writeRows(statements.renameCards, cardsTable.columns, renamed.map(rowOf)),
    ...writeRows(statements.updatePoints, cardPoints, points.map(pointsOf)),
    ...writeRows(statements.updateCards, cardFigures, others.map(figuresOf)),
  );
  return calls;
}

function rowOf(card: Card): Cell[] {
  return cardsTable.toRow(card, card.cardId);
}

/** A card's row without who it is. */
function figuresOf(card: Card): Cell[] {
  const row = rowOf(card);
  row.splice(1, cardIdentityColumns - 1);
  return row;
}

const pointCells = cardPoints.map(([name]) => cardsTable.columns.findIndex(([column]) => column === name));

/** What points change of a card's row. */
function pointsOf(card: Card): Cell[] {
  const row = rowOf(card);
  return pointCells.map((cell) => row[cell] as Cell);
}

/** By the first two texts. */
function compareKeys(a: readonly string[], b: readonly string[]): number {
  return compareTexts(a[0], b[0]) || compareTexts(a[1], b[1]);
}

function compareTexts(a = '', b = ''): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
