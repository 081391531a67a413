import {
  cardsTable,
  endRanges,
  lotsTable,
  pinAttemptsTable,
  requestsTable,
  type TallyQuery,
  talliesTable,
} from '@loyalty-engine/core';
import type { Statement } from './pipeline.ts';
import { statement } from './statement.ts';

/** How many tallies are added up at once: the locks of one piece are held for some tens of milliseconds. */
export const talliesAtOnce = 20_000;

/** The statements that add up over many cards, and the one that keeps them fast; `schema` is quoted already. */
export function sumStatements(schema: string) {
  const cards = `${schema}.${cardsTable.name}`;
  const lots = `${schema}.${lotsTable.name}`;
  const tallies = `${schema}.${talliesTable.name}`;
  const sums = `${schema}.tally_sums`;
  const attempts = `${schema}.${pinAttemptsTable.name}`;
  const requests = `${schema}.${requestsTable.name}`;
  const key = 'program_id, day, location_id, kind';
  const figures = 'sum(entries) AS entries, sum(points) AS points, sum(stamps) AS stamps';
  /** Each table by itself and then both: the server can share the work on a large one among its processes. */
  const talliesBy = (group: string) => {
    const grouped = (table: string) => `SELECT ${group} AS grouped, kind, ${figures} FROM ${table}
      WHERE program_id = ANY ($1::text[]) AND day >= $2 AND day <= $3 GROUP BY 1, 2`;
    return statement(`SELECT grouped, kind, sum(entries), sum(points), sum(stamps)
      FROM (${grouped(sums)} UNION ALL ${grouped(tallies)}) t GROUP BY 1, 2 ORDER BY 1, 2`);
  };

  const chosen = 'x.program_id = ANY ($1::text[])';
  /** Only a card with an end behind it can have lots that are due. */
  const isDue = 'x.next_expiry_at <= $2::timestamptz';
  const dueLot = `l.live AND (l.burn_at <= $2::timestamptz
    OR (l.burn_at = $4::timestamptz AND x.deadline <= $2::timestamptz))`;

  return {
    talliesBy: {
      kind: talliesBy("''"),
      day: talliesBy('day'),
      location: talliesBy('location_id'),
    } satisfies Record<TallyQuery['by'], Statement>,
    /**
     * Moves tallies into the sums, all in one statement: nobody sees them twice or not at all. Those that somebody else is
     * moving are left to them; sums are changed in the order of their keys, so that two wait for each other and never in a
     * circle.
     */
    sumTallies: statement(`WITH moved AS (
        DELETE FROM ${tallies} WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM ${tallies} ORDER BY program_id, day LIMIT ${talliesAtOnce} FOR UPDATE SKIP LOCKED
        )) RETURNING *
      ), added AS (
        INSERT INTO ${sums} AS s SELECT ${key}, ${figures} FROM moved GROUP BY ${key} ORDER BY ${key}
        ON CONFLICT (${key}) DO UPDATE SET entries = s.entries + excluded.entries,
          points = s.points + excluded.points, stamps = s.stamps + excluded.stamps
      )
      SELECT count(*) FROM moved`),
    /** Counters that somebody is counting on are left to the next time. */
    forgetAttempts: statement(`DELETE FROM ${attempts} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${attempts} WHERE since < $1::timestamptz
          AND (locked_until IS NULL OR locked_until <= $2::timestamptz) FOR UPDATE SKIP LOCKED
      ))`),
    forgetRequests: statement(`DELETE FROM ${requests} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${requests} WHERE at < $1::timestamptz FOR UPDATE SKIP LOCKED
      ))`),
    /** As the rows say, less what is due; of what a card owes, its points that are due have repaid their part. */
    cardSums: statement(`SELECT c.cards, c.active, c.recently_active, c.points - d.due, c.debt, c.stamps
      FROM (
        SELECT count(*) AS cards, count(*) FILTER (WHERE x.status = 'active') AS active,
          count(*) FILTER (WHERE x.last_activity_at >= $3::timestamptz) AS recently_active,
          coalesce(sum(x.balance + x.debt), 0) AS points, coalesce(sum(x.stamps), 0) AS stamps,
          coalesce(sum(CASE WHEN x.debt > 0 AND ${isDue} THEN greatest(0, x.debt - (
            SELECT coalesce(sum(l.remaining - l.held), 0) FROM ${lots} l WHERE l.card_id = x.card_id AND ${dueLot}
          )) ELSE x.debt END), 0) AS debt
        FROM ${cards} x WHERE ${chosen}
      ) c CROSS JOIN (
        SELECT coalesce(sum(l.remaining - l.held), 0) AS due
        FROM ${cards} x JOIN ${lots} l ON l.card_id = x.card_id WHERE ${chosen} AND ${isDue} AND ${dueLot}
      ) d`),
  };
}

/** `burn_at` of lots that end with their card's inactivity deadline. */
export const byInactivity = endRanges.byInactivity.upTo;
