import type { Book } from './book.ts';
import { credit } from './credit.ts';

/**
 * Makes the card where this is its first use, with the welcome bonus, exactly once: a card has one first use.
 */
export function enrolOnFirstUse(book: Book): void {
  const { working, version, at } = book;
  if (working.state.exists) return;
  working.enrolled = true;
  working.card.enrolledAt = at;
  working.card.lastActivityAt = at;
  working.card.enrolledLocationId = book.command.locationId ?? null;
  const { welcomeBonus } = version.points;
  if (welcomeBonus === undefined) return;
  const step = { rule: 'welcome-bonus', in: welcomeBonus, out: welcomeBonus } as const;
  credit(book, { kind: 'welcome', points: welcomeBonus, explanation: [step] });
}
