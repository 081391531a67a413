import {
  cardsTable,
  entriesTable,
  holdsTable,
  lotsTable,
  ordersTable,
  vouchersTable,
} from '@loyalty-engine/core';
import { selectList } from './rows.ts';
import { type Shape, statement } from './statement.ts';

/** The statements that read a card's ledger and books, and pages of cards and orders; `schema` is quoted already. */
export function listStatements(schema: string) {
  const of = ({ name }: { name: string }) => `${schema}.${name}`;
  const cards = of(cardsTable);
  const orders = of(ordersTable);
  const ofCard = (table: Shape, rest = '') =>
    statement(`SELECT ${selectList(table, 'r')} FROM ${of(table)} r WHERE r.card_id = $1 ${rest}`);
  const slice = 'AND r.seq > $2 AND r.seq <= $3 AND r.kind = ANY ($4::text[])';

  return {
    entriesAfter: ofCard(entriesTable, `${slice} ORDER BY r.seq LIMIT $5`),
    entriesBefore: ofCard(entriesTable, `${slice} ORDER BY r.seq DESC LIMIT $5`),
    /** Entries are posted in the order of their numbers, so the place of an instant is found by halving. */
    lastEntryBefore: statement(`WITH RECURSIVE halving (low, high) AS (
        SELECT 0, c.seq FROM ${cards} c WHERE c.card_id = $1
        UNION ALL
        SELECT CASE WHEN probe.earlier THEN probe.middle ELSE halving.low END,
               CASE WHEN probe.earlier THEN halving.high ELSE probe.middle - 1 END
        FROM halving CROSS JOIN LATERAL (
          SELECT e.seq AS middle, e.posted_at < $2::timestamptz AS earlier FROM ${of(entriesTable)} e
          WHERE e.card_id = $1 AND e.seq = (halving.low + halving.high + 1) / 2
        ) probe WHERE halving.low < halving.high
      )
      SELECT ${selectList(entriesTable, 'r')} FROM halving JOIN ${of(entriesTable)} r
        ON r.card_id = $1 AND r.seq = halving.low WHERE halving.low = halving.high`),
    lotsOfCard: ofCard(lotsTable),
    holdsOfCard: ofCard(holdsTable),
    ordersOfCard: ofCard(ordersTable),
    vouchersOfCard: ofCard(
      vouchersTable,
      'AND r.seq < $2 AND ($4::text IS NULL OR r.status = $4) ORDER BY r.seq DESC LIMIT $3',
    ),

    cardsAfter: statement(
      `SELECT ${selectList(cardsTable, 'c')} FROM ${cards} c WHERE c.card_id > $1 ORDER BY c.card_id LIMIT $2`,
    ),
    dueCards: statement(`SELECT ${selectList(cardsTable, 'c')} FROM ${cards} c
      WHERE c.next_expiry_at <= $1::timestamptz
        AND (c.next_expiry_at, c.card_id) > ($2::timestamptz, $3)
      ORDER BY c.next_expiry_at, c.card_id LIMIT $4`),
    ordersAfter: statement(`SELECT ${selectList(ordersTable, 'r')} FROM ${orders} r
      WHERE r.card_id = $4 AND (r.card_id, r.order_id) > ($1, $2) ORDER BY r.order_id LIMIT $3`),

    ...acrossStatements(schema),

    /**
     * A page of each program, or of all, and of these the first. An index has the cards of a program in order; whether it
     * is worth its while depends on how many of them the filter lets through, so the plan is the server's choice.
     */
    cardsOfPrograms: statement(`SELECT ${selectList(cardsTable, 'r')} FROM (
        SELECT unnest(coalesce($3::text[], ARRAY(SELECT DISTINCT program_id FROM ${schema}.programs))) AS program_id
      ) t CROSS JOIN LATERAL (
        SELECT * FROM ${cards} x WHERE x.program_id = t.program_id AND x.card_id > $1
          AND ($4::text IS NULL OR x.status = $4) AND ($5::text IS NULL OR x.enrolled_location_id = $5)
          AND ($6::timestamptz IS NULL OR x.last_activity_at >= $6::timestamptz)
          AND ($7::timestamptz IS NULL OR x.last_activity_at IS NULL OR x.last_activity_at < $7::timestamptz)
        ORDER BY x.card_id LIMIT $2
      ) r ORDER BY r.card_id LIMIT $2`),
    ordersOfPrograms: statement(`SELECT ${selectList(ordersTable, 'r')}
      FROM unnest($4::text[]) AS t (program_id) CROSS JOIN LATERAL (
        SELECT o.* FROM ${cards} x JOIN ${orders} o ON o.card_id = x.card_id
        WHERE x.program_id = t.program_id AND x.card_id >= $1 AND (o.card_id, o.order_id) > ($1, $2)
        ORDER BY o.card_id, o.order_id LIMIT $3
      ) r ORDER BY r.card_id, r.order_id LIMIT $3`),
  };
}

/**
 * Entries of all cards by when they were recorded: a page of the ledger, or of one card, whose entries are recorded in the
 * order of their numbers; and of one order. How far the first two have to read depends on how many the filter lets through, so
 * their plan is the server's choice.
 */
function acrossStatements(schema: string) {
  const columns = `${selectList(entriesTable, 'r')}, c.program_id, c.customer_id, c.number`;
  const from = `FROM ${schema}.${entriesTable.name} r JOIN ${schema}.${cardsTable.name} c ON c.card_id = r.card_id`;
  const page = `(r.recorded_at, r.card_id, r.seq) < ($2::timestamptz, $3::text, $4::integer)
    AND r.recorded_at >= $5::timestamptz`;
  const filter = `($6::text[] IS NULL OR c.program_id = ANY ($6::text[]))
    AND ($7::text[] IS NULL OR r.kind = ANY ($7::text[])) AND ($8::text IS NULL OR r.location_id = $8)
    AND ($9::text IS NULL OR r.staff_id = $9) AND ($10::text IS NULL OR r.actor = $10)`;
  const lastFirst = 'ORDER BY r.recorded_at DESC, r.card_id DESC, r.seq DESC LIMIT $1';
  return {
    entriesAcross: statement(`SELECT ${columns} ${from} WHERE ${page} AND ${filter} ${lastFirst}`),
    entriesOfCard: statement(`SELECT ${columns} ${from} WHERE r.card_id = $11 AND r.seq < $12::integer
      AND ${page} AND ${filter} AND ($13::text IS NULL OR r.order_id = $13) ORDER BY r.seq DESC LIMIT $1`),
    entriesOfOrder: statement(`SELECT ${columns} ${from} WHERE r.order_id = $11
      AND ${page} AND ${filter} ${lastFirst}`),
  };
}
