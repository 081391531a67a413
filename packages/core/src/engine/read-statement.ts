import { z } from 'zod';
import type { Entry } from '../card/entry.ts';
import { entryKinds } from '../card/entry.ts';
import { stateAt } from '../card/evolve.ts';
import { Book } from '../commands/book.ts';
import { parseInput } from '../commands/command.ts';
import { type EntryView, viewEntry } from '../commands/outcome.ts';
import { sweep } from '../commands/sweep.ts';
import { invalid } from '../errors.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { type Instant, instantSchema } from '../program/instant.ts';
import { loadForReading, type Member, readingVersion, touchOf } from './reader.ts';

export const statementQuerySchema = z
  .strictObject({
    from: instantSchema.optional(),
    to: instantSchema.optional(),
    kinds: z.array(z.enum(entryKinds)).min(1).max(entryKinds.length).optional(),
    limit: z.number().int().min(1).max(1000).default(50),
    order: z.enum(['oldest-first', 'newest-first']).default('oldest-first'),
    cursor: z.string().min(1).max(40).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'lies before from',
  });

export type StatementQuery = z.input<typeof statementQuerySchema>;

/** An entry on a statement. `projected`: it is due, but not written yet. */
export interface StatementEntry extends EntryView {
  projected: boolean;
}

/**
 * A page of a card's statement. Without `kinds`, `opening` + the page's entries = `closing`, and each page opens where
 * the one before closed; with `kinds` both are those of the whole period.
 */
export interface Statement {
  opening: number;
  entries: StatementEntry[];
  closing: number;
  nextCursor: string | null;
}

/** Reads a page of a statement at `now`; see `Loyalty.statement`. */
export async function readStatement(
  store: LoyaltyStore,
  member: Member,
  input: StatementQuery,
  now: Instant,
): Promise<Statement> {
  const query = parseInput(statementQuerySchema, input);
  const state = await loadForReading(store, touchOf(member, now));
  const { card } = state;
  const version = readingVersion(state, now);
  const projected = projectExpiry(state, now);
  const source = { store, cardId: card.cardId, written: card.seq, projected };

  const first = query.from === undefined ? null : await lastBefore(source, query.from);
  const last = query.to === undefined ? null : await lastBefore(source, query.to);
  const opensAfter = query.from === undefined ? 0 : (first?.seq ?? 0);
  const endsAt = query.to === undefined ? card.seq + projected.length : (last?.seq ?? 0);
  const opening = first?.balanceAfter ?? 0;
  const closing =
    query.to === undefined ? (projected.at(-1)?.balanceAfter ?? card.balance) : (last?.balanceAfter ?? 0);

  const descending = query.order === 'newest-first';
  const position = query.cursor === undefined ? null : parseCursor(query.cursor);
  const after = descending || position === null ? opensAfter : Math.max(opensAfter, position);
  const upTo = descending && position !== null ? Math.min(endsAt, position - 1) : endsAt;
  const slice = { after, upTo, limit: query.limit + 1, descending, kinds: query.kinds };
  const found = await readSlice(source, slice);
  const page = found.slice(0, query.limit);
  const more = found.length > query.limit ? page.at(-1) : undefined;
  const entries = page.map((entry) => ({
    ...viewEntry(entry, version.currency),
    projected: entry.seq > card.seq,
  }));
  const nextCursor = more ? String(more.seq) : null;
  if (query.kinds) return { opening, entries, closing, nextCursor };
  return { ...pageEdges(page, descending, { opening, closing }, position), entries, nextCursor };
}

interface Source {
  store: LoyaltyStore;
  cardId: string;
  /** The number of the last written entry; projected ones follow it. */
  written: number;
  projected: readonly Entry[];
}

interface Slice {
  after: number;
  upTo: number;
  limit: number;
  descending: boolean;
  kinds: (typeof entryKinds)[number][] | undefined;
}

/** The entries that the expiry job would write now: the same numbers, dates and balances. */
function projectExpiry(state: Parameters<typeof stateAt>[0], now: Instant): readonly Entry[] {
  if (!state.exists) return [];
  const at = Math.max(now, state.card.lastRecordedAt);
  const book = new Book(stateAt(state, now), readingVersion(state, at), {}, at, at);
  sweep(book);
  return book.working.entries;
}

async function lastBefore({ store, cardId, projected }: Source, instant: Instant): Promise<Entry | null> {
  const due = projected.findLast((entry) => entry.postedAt < instant);
  return due ?? (cardId === '' ? null : store.lastEntryBefore(cardId, instant));
}

async function readSlice(source: Source, slice: Slice): Promise<Entry[]> {
  const { store, cardId, written } = source;
  const { after, upTo, limit, descending, kinds } = slice;
  const due = source.projected.filter(
    (entry) => entry.seq > after && entry.seq <= upTo && (!kinds || kinds.includes(entry.kind)),
  );
  if (descending) due.reverse();
  const want = descending ? limit - due.length : limit;
  const stored =
    cardId === '' || want <= 0 || after >= Math.min(upTo, written)
      ? []
      : await store.entries(cardId, { after, upTo: Math.min(upTo, written), limit: want, descending, kinds });
  return (descending ? [...due, ...stored] : [...stored, ...due]).slice(0, limit);
}

function pageEdges(
  page: readonly Entry[],
  descending: boolean,
  period: { opening: number; closing: number },
  position: number | null,
): { opening: number; closing: number } {
  const oldest = page.at(descending ? -1 : 0);
  const newest = page.at(descending ? 0 : -1);
  if (oldest && newest) return { opening: oldest.balanceAfter - oldest.points, closing: newest.balanceAfter };
  const edge = position === null || !descending ? period.closing : period.opening;
  return { opening: edge, closing: edge };
}

function parseCursor(cursor: string): number {
  const seq = Number(cursor);
  if (!/^\d{1,16}$/.test(cursor) || !Number.isSafeInteger(seq) || seq < 1) {
    throw invalid(['cursor'], 'is not a cursor of a statement');
  }
  return seq;
}
