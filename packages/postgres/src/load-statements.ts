import {
  type ColumnType,
  cardsTable,
  entriesTable,
  holdsTable,
  lotsTable,
  merchantsTable,
  ordersTable,
  receiptsTable,
  rewardsTable,
  vouchersTable,
} from '@loyalty-engine/core';
import { selectList } from './rows.ts';
import { type Columns, type Shape, statement, unnest } from './statement.ts';

/** What cards are asked for by: their id, or else their member, or else a name. Looking for names takes the server longer. */
export const refColumns = {
  byMember: [
    ['card_id', 'text'],
    ['program_id', 'text'],
    ['customer_id', 'text'],
  ],
  byName: [
    ['card_id', 'text'],
    ['program_id', 'text'],
    ['customer_id', 'text'],
    ['name', 'text'],
  ],
} as const satisfies Record<string, Columns>;

/** Whether any of the cards that are asked for together is asked for by a name. */
export type Asking = keyof typeof refColumns;

export const scanColumns = [
  ['scan', 'count'],
  ['after', 'instant'],
  ['up_to', 'instant'],
  ['skip', 'count'],
  ['most', 'count'],
] as const satisfies Columns;

export const maturingColumns = [
  ['after', 'instant'],
  ['up_to', 'instant'],
] as const satisfies Columns;

/** A reward is asked for by its id, or else by the code of a voucher of it. */
export const rewardColumns = [
  ['reward_id', 'text'],
  ['code', 'text'],
] as const satisfies Columns;

export type LoadStatements = ReturnType<typeof loadStatements>;

/** The statements that read cards with what work needs of them; `schema` is quoted already. */
export function loadStatements(schema: string, asking: Asking) {
  const of = ({ name }: { name: string }) => `${schema}.${name}`;
  const programs = `${schema}.programs`;
  const { lookUp, cardId, programsOf } = waysToAsk(schema)[asking];
  /** Rows of parameters, each for a card that is asked for. */
  const asked = (more: Columns = []) => `${unnest([...refColumns[asking], ...more], 't')} ${lookUp}`;
  const cards = `SELECT ${selectList(cardsTable, 'c')}
    FROM ${of(cardsTable)} c
    WHERE c.card_id = ANY (ARRAY(SELECT ${cardId} FROM ${asked()})) ORDER BY c.card_id`;
  const rewards = `SELECT ${selectList(rewardsTable, 'w')} FROM (
      SELECT DISTINCT coalesce(t.program_id, c.program_id) AS program_id, coalesce(t.reward_id, v.reward_id) AS reward_id
      FROM ${asked(rewardColumns)}
      LEFT JOIN LATERAL (
        SELECT program_id FROM ${of(cardsTable)} x WHERE t.program_id IS NULL AND x.card_id = ${cardId} OFFSET 0
      ) c ON true
      LEFT JOIN LATERAL (
        SELECT reward_id FROM ${of(vouchersTable)} x
        WHERE t.code IS NOT NULL AND x.card_id = ${cardId} AND x.code = t.code OFFSET 0
      ) v ON true
    ) k JOIN ${of(rewardsTable)} w ON w.program_id = k.program_id AND w.reward_id = k.reward_id
    ORDER BY w.program_id, w.reward_id`;
  const byKey = (table: Shape, key: readonly [string, ColumnType], column = key[0]) =>
    statement(`SELECT ${selectList(table, 'r')} FROM ${asked([key])}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(table)} x WHERE x.card_id = ${cardId} AND x.${column} = t.${key[0]} OFFSET 0
      ) r`);

  return {
    lockCards: statement(`${cards} FOR NO KEY UPDATE OF c`),
    readCards: statement(cards),
    lockRewards: statement(`${rewards} FOR NO KEY UPDATE OF w`),
    readRewards: statement(rewards),
    receipts: byKey(receiptsTable, ['key', 'text']),
    orders: byKey(ordersTable, ['order_id', 'text']),
    holds: byKey(holdsTable, ['hold_id', 'text']),
    entries: byKey(entriesTable, ['seq', 'count']),
    reversals: byKey(entriesTable, ['seq', 'count'], 'reverses'),
    lots: byKey(lotsTable, ['seq', 'count']),
    vouchers: byKey(vouchersTable, ['code', 'text']),
    vouchersOfRewards: byKey(vouchersTable, ['reward_id', 'text']),
    openHolds: statement(`SELECT ${selectList(holdsTable, 'r')} FROM ${asked()}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(holdsTable)} x WHERE x.card_id = ${cardId} AND x.status = 'open' OFFSET 0
      ) r`),
    lotsMaturing: statement(`SELECT ${selectList(lotsTable, 'r')} FROM ${asked(maturingColumns)}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(lotsTable)} x WHERE x.card_id = ${cardId} AND x.available_at > t.after
          AND x.available_at <= t.up_to AND x.remaining > 0 OFFSET 0
      ) r`),
    lotsInBurnOrder: statement(`SELECT ${selectList(lotsTable, 'r')}, t.scan FROM ${asked(scanColumns)}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(lotsTable)} l
        WHERE l.card_id = ${cardId} AND l.live AND l.burn_at > t.after AND l.burn_at <= t.up_to
        ORDER BY l.burn_at, l.earned_at, l.seq OFFSET t.skip LIMIT t.most
      ) r ORDER BY t.scan, r.burn_at, r.earned_at, r.seq`),

    newestVersions: statement(`SELECT w.program_id, p.version, extract(epoch FROM p.published_at),
        p.merchant_id, m.revision, extract(epoch FROM m.created_at)
      FROM (
        SELECT unnest($1::text[]) AS program_id
        UNION SELECT program_id FROM ${of(cardsTable)} WHERE card_id = ANY ($2::text[]) ${programsOf}
      ) w CROSS JOIN LATERAL (
        SELECT version, published_at, merchant_id FROM ${programs} v
        WHERE v.program_id = w.program_id ORDER BY version DESC LIMIT 1
      ) p LEFT JOIN LATERAL (
        SELECT revision, created_at FROM ${of(merchantsTable)} x WHERE x.merchant_id = p.merchant_id OFFSET 0
      ) m ON true`),
  };
}

/** How the id of a card is found, and the programs of those that are named, by the kinds of references there are. */
function waysToAsk(schema: string): Record<Asking, { lookUp: string; cardId: string; programsOf: string }> {
  const names = `${schema}.names`;
  const byMember = `LEFT JOIN LATERAL (
      SELECT card_id FROM ${schema}.members x
      WHERE t.card_id IS NULL AND x.program_id = t.program_id AND x.customer_id = t.customer_id OFFSET 0
    ) m ON true`;
  const byName = `LEFT JOIN LATERAL (
      SELECT card_id FROM ${names} x WHERE t.name IS NOT NULL AND x.name = t.name OFFSET 0
    ) n ON true`;
  return {
    byMember: { lookUp: byMember, cardId: 'coalesce(t.card_id, m.card_id)', programsOf: '' },
    byName: {
      lookUp: `${byMember} ${byName}`,
      cardId: 'coalesce(t.card_id, m.card_id, n.card_id)',
      programsOf: `UNION SELECT c.program_id FROM ${names} n
        JOIN ${schema}.${cardsTable.name} c ON c.card_id = n.card_id WHERE n.name = ANY ($3::text[])`,
    },
  };
}
