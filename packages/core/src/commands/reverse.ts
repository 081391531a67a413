import { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import type { Entry } from '../card/entry.ts';
import { noteSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { versionNumbered } from '../program/version.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import { type Book, openBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema, pointsSchema } from './command.ts';
import { giveBack } from './give-back.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';
import { takeBack } from './take-back.ts';

export const reverseSchema = commandSchema({
  /** The number of the entry. */
  entry: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  points: pointsSchema.optional(),
  reason: noteSchema,
});
export type ReverseInput = CommandInput<typeof reverseSchema>;
export type ReverseCommand = z.output<typeof reverseSchema>;

export interface ReverseFacts {
  entry: number;
  /** Points undone now. */
  points: number;
  /** Points of the entry that could still be undone. */
  reversible: number;
}

/**
 * Decides the undoing of all or part of one redeem or award entry, by reference. Refusals: those of opening a card,
 * ENTRY_NOT_FOUND, ENTRY_NOT_REVERSIBLE, ENTRY_ALREADY_REVERSED, REFUND_SHORTFALL.
 */
export function decideReverse(
  state: CardState,
  command: ReverseCommand,
  now: Instant,
): Decision<ReverseFacts> {
  const book = openBook(state, command, now, { operation: 'reverse' });
  if ('ok' in book) return refused(book);
  const entry = state.entries.get(command.entry);
  if (!entry) return refused(refuse('ENTRY_NOT_FOUND', { entry: command.entry }));
  if (entry.kind !== 'redeem' && entry.kind !== 'award') {
    return refused(refuse('ENTRY_NOT_REVERSIBLE', { entry: entry.seq, kind: entry.kind }));
  }
  const left = Math.abs(entry.points) - (state.reversed.get(entry.seq) ?? 0);
  const points = command.points ?? left;
  if (points > left || left === 0) {
    return refused(
      refuse('ENTRY_ALREADY_REVERSED', { entry: entry.seq, reversible: left, requested: points }),
    );
  }
  sweep(book);
  if (entry.kind === 'redeem') reverseRedemption(book, entry, points, command.reason);
  else {
    const taken = reverseAward(book, entry, points, command.reason);
    if ('ok' in taken) return refused(taken);
  }
  return book.accept({ entry: entry.seq, points, reversible: left - points });
}

function reverseRedemption(book: Book, entry: Entry, points: number, reason: string): void {
  const { working } = book;
  giveBack(book, {
    kind: 'reverse',
    orderId: entry.orderId,
    redeemSeq: entry.seq,
    taken: entry.lots.map(([lot, part]): Allocation => [lot, -part]),
    already: working.state.reversed.get(entry.seq) ?? 0,
    points,
    version: versionNumbered(working.state.versions, entry.programVersion),
    explanation: [{ rule: 'reversed', in: points, out: points, facts: { entry: entry.seq, reason } }],
    details: { reason },
  });
  const record = entry.orderId === null ? undefined : working.order(entry.orderId);
  if (!record) return;
  const redemptions = record.redemptions.map((redemption) =>
    redemption.seq === entry.seq ? { ...redemption, reversed: redemption.reversed + points } : redemption,
  );
  working.putOrder({ ...record, redemptions });
}

function reverseAward(book: Book, entry: Entry, points: number, reason: string) {
  const version = versionNumbered(book.working.state.versions, entry.programVersion);
  return takeBack(book, {
    kind: 'reverse',
    points,
    ownLot: entry.seq,
    shortfall: version.points.refunds.shortfall,
    reverses: entry.seq,
    programVersion: version.version,
    explanation: [{ rule: 'reversed', in: points, out: points, facts: { entry: entry.seq, reason } }],
    details: { reason },
  });
}

export const reverse: CommandDefinition<typeof reverseSchema, ReverseFacts> = {
  kind: 'reverse',
  schema: reverseSchema,
  derivedKey: () => null,
  reach: ({ entry }) => ({ entries: [entry], takesBack: true }),
  settlesMerged: true,
  decide: decideReverse,
};
