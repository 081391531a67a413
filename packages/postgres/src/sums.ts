import {
  claimsForgottenBefore,
  forgottenBefore,
  type Instant,
  type LoyaltyStore,
  type TallySum,
} from '@loyalty-engine/core';
import { arrayParameter } from './rows.ts';
import { byInactivity, talliesAtOnce } from './sum-statements.ts';
import type { Access, Database } from './transactions.ts';

type Sums = Pick<LoyaltyStore, 'tallies' | 'cardSums'>;

/** Days are compared as texts: these come before and after every day. */
const [beforeDays, afterDays] = ['', '~'];

/** Sums over what was settled and over cards. */
export function sumsOn({ statements }: Database, { survey }: Access): Sums {
  return {
    tallies: ({ programIds, from, to, by }) =>
      survey(async (transaction) => {
        const values = [arrayParameter('text', programIds), from ?? beforeDays, to ?? afterDays];
        const [rows = []] = await transaction.end([{ statement: statements.talliesBy[by], values }]);
        return rows.map(
          ([group, kind, entries, points, stamps]): TallySum => ({
            group: group as string,
            kind: kind as TallySum['kind'],
            entries: Number(entries),
            points: Number(points),
            stamps: Number(stamps),
          }),
        );
      }),
    cardSums: (programIds, now, activeSince) =>
      survey(async (transaction) => {
        const values = [
          arrayParameter('text', programIds),
          { instant: now },
          { instant: activeSince },
          { instant: byInactivity },
        ];
        const [[row = []] = []] = await transaction.end([{ statement: statements.cardSums, values }]);
        const [cards = 0, active = 0, recentlyActive = 0, outstanding = 0, debt = 0, stamps = 0] =
          row.map(Number);
        return { cards, active, recentlyActive, outstanding, debt, stamps };
      }),
  };
}

/**
 * Forgets counters of wrong PINs and claims of requests that say nothing any more, and adds up what settled work has tallied since the last time,
 * piece by piece, each in a transaction of its own.
 */
export async function tidy({ statements }: Database, { write }: Access, now: Instant): Promise<void> {
  const { forgetAttempts, forgetRequests } = statements;
  const forget = [
    { statement: forgetAttempts, values: [{ instant: forgottenBefore(now) }, { instant: now }] },
    { statement: forgetRequests, values: [{ instant: claimsForgottenBefore(now) }] },
  ];
  await write((transaction) => transaction.end(forget));
  for (;;) {
    const [[[moved] = []] = []] = await write((transaction) =>
      transaction.end([{ statement: statements.sumTallies, values: [] }]),
    );
    if (Number(moved) < talliesAtOnce) return;
  }
}
