import { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { earliestStamp, liveStamps } from '../card/stamp-book.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, isoText, isoTextOrNull } from '../program/instant.ts';
import { maxStampsOnCard, maxStampsPerVisit, type StampRules } from '../program/program.ts';
import { localDay } from '../rules/calendar.ts';
import { checkCooldown } from '../rules/check-cooldown.ts';
import { stampExpiry } from '../rules/lot-expiry.ts';
import { type StampProgress, stampProgress } from '../rules/stamps-until-reward.ts';
import { type Book, openActiveBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { enrolOnFirstUse } from './enrol.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { sweep } from './sweep.ts';

export const stampSchema = commandSchema({
  stamps: z.number().int().min(1).max(maxStampsPerVisit).default(1),
  orderId: identifierSchema.optional(),
});
export type StampInput = CommandInput<typeof stampSchema>;
export type StampCommand = z.output<typeof stampSchema>;

export interface StampFacts extends StampProgress {
  /** The number of the entry, by which the stamps can be voided. */
  entry: number;
  /** Stamps given now, and on the card after it. */
  given: number;
  stamps: number;
  /** When the stamps given end; null: never. */
  expiresAt: string | null;
}

/**
 * Decides the stamps of a visit. Refusals in this order: those of opening a card (NO_ACTIVE_PROGRAM, CARD_NOT_FOUND,
 * CARD_MERGED, CARD_INACTIVE, LOCATION_NOT_FOUND, LOCATION_CLOSED, PIN_REQUIRED ...), STAMPS_NOT_OFFERED, TOO_MANY_STAMPS,
 * STAMP_TOO_OLD, COOLDOWN_ACTIVE, DAILY_STAMP_LIMIT, STAMP_LIMIT. The daily limit is of the location's local day, or the
 * program's where no location is named.
 *
 * Source: add_stamp of the company-wide cards, which looked at no cooldown and had no daily limit.
 */
export function decideStamp(state: CardState, command: StampCommand, now: Instant): Decision<StampFacts> {
  const { orderId, stamps } = command;
  const book = openActiveBook(state, command, now, { operation: 'stamp', orderId });
  if ('ok' in book) return refused(book);
  const { working, version, at } = book;
  const rules = version.stamps;
  if (!rules) return refused(refuse('STAMPS_NOT_OFFERED', { programId: version.id }));
  const tooSoon = stampedTooOften(book, rules, stamps);
  if (tooSoon) return refused(tooSoon);
  enrolOnFirstUse(book);
  sweep(book);
  if (working.card.stamps + stamps > maxStampsOnCard)
    return refused(refuse('STAMP_LIMIT', { limit: maxStampsOnCard, stamps: working.card.stamps }));
  const expiresAt = stampExpiry(rules.expiry, at, version.timeZone);
  // Of a visit long ago, the stamps may have ended already.
  const alive = expiresAt === null || expiresAt > book.now ? stamps : 0;
  const after = liveStamps(working.card.stampLots, book.now) + alive;
  const { target } = rules;
  const entry = book.write({
    kind: 'stamp',
    points: 0,
    orderId: orderId ?? null,
    stamps,
    stampLots: [[0, stamps, expiresAt]],
    explanation: [{ rule: 'stamped', in: stamps, out: after, facts: { target } }],
  });
  return book.accept({
    entry: entry.seq,
    given: stamps,
    stamps: after,
    ...stampProgress(after, target),
    expiresAt: isoTextOrNull(expiresAt),
  });
}

function stampedTooOften(book: Book, rules: StampRules, stamps: number): Refusal | null {
  const { at, now, working } = book;
  const { stampTimes } = working.card;
  if (stamps > rules.maxPerVisit)
    return refuse('TOO_MANY_STAMPS', { requested: stamps, limit: rules.maxPerVisit });
  const earliest = earliestStamp(working.card, now);
  if (at < earliest) return refuse('STAMP_TOO_OLD', { earliest: isoText(earliest) });
  const wait = checkCooldown(
    stampTimes.map(([time]) => time),
    at,
    rules.cooldownMinutes,
  );
  if (wait)
    return refuse('COOLDOWN_ACTIVE', {
      retryAt: isoText(wait.retryAt),
      retryAfterSeconds: wait.retryAfterSeconds,
    });
  return overDailyLimit(book, rules, stamps);
}

function overDailyLimit(book: Book, { maxPerDay }: StampRules, stamps: number): Refusal | null {
  if (maxPerDay === undefined) return null;
  const { working, version, at, command } = book;
  const location = working.state.merchant?.locations.get(command.locationId ?? '');
  const { from, to, day } = localDay(at, location?.timeZone ?? version.timeZone);
  let today = 0;
  for (const [time, given] of working.card.stampTimes) if (time >= from && time < to) today += given;
  if (today + stamps <= maxPerDay) return null;
  return refuse('DAILY_STAMP_LIMIT', {
    limit: maxPerDay,
    stampsLeft: Math.max(0, maxPerDay - today),
    day,
    resetsAt: isoText(to),
  });
}

/** `stamp`: an order stamps once, however often it is sent. */
export const stamp: CommandDefinition<typeof stampSchema, StampFacts> = {
  kind: 'stamp',
  schema: stampSchema,
  derivedKey: ({ orderId }) => (orderId === undefined ? null : `stamp:${orderId}`),
  onceOnly: true,
  isUndone: ({ entries, reversed }, _command, { firstSeq, entryCount }) => {
    for (let seq = firstSeq; seq < firstSeq + entryCount; seq += 1)
      if (entries.get(seq)?.kind === 'stamp') return reversed.has(seq);
    return false;
  },
  reach: () => ({}),
  decide: decideStamp,
};
