import { createLoyalty, type ProgramInput, unwrap } from '@loyalty-engine/core';
import type { PostgresStore } from '@loyalty-engine/postgres';
import { benchProgram } from './program.ts';

const day = 24 * 60 * 60 * 1000;
const schema = 'loyalty';

/** Cards to copy: each got its history from the engine, so that every copy has books that add up. */
export interface Templates {
  count: number;
  /** When the first of a template's orders was. */
  startedDaysAgo(template: number): number;
  earns: number;
  redeems: number;
}

/**
 * Fills a database with cards that have histories, orders and receipts: a few written by the engine, and the others
 * copies of these under other names, made by the server itself. Gives back nothing; card `n` is of `customer-n`.
 */
export async function fillCards(
  store: PostgresStore,
  { count, startedDaysAgo, earns, redeems }: Templates,
  cards: number,
  prefix = 'customer',
): Promise<void> {
  let now = Date.now();
  const loyalty = createLoyalty({ store, clock: { now: () => now } });
  const published = { ...benchProgram, effectiveFrom: '2020-01-01T00:00:00Z' } satisfies ProgramInput;
  await loyalty.programs.publish(published);
  const end = now;
  const started = Array.from({ length: count }, (_, template) => end - startedDaysAgo(template) * day);
  for (const [template, start] of started.entries()) {
    const member = { programId: benchProgram.id, customerId: `${prefix}-template-${template}` };
    const past = createLoyalty({ store, clock: { now: () => now } });
    for (let step = 0; step < earns + redeems; step += 1) {
      now = start + step * day;
      const order = { id: `${prefix}-T${template}-${step}`, total: '500.00' };
      if (step < earns) unwrap(await past.earn({ ...member, order }));
      else unwrap(await past.redeem({ ...member, order, points: 30 }));
    }
  }
  await copyTemplates(store, count, cards, prefix);
}

const tables = ['cards', 'members', 'entries', 'lots', 'orders', 'receipts'] as const;
const chunk = 50_000;

/** Copies the templates' rows, card after card as real cards would have come, a chunk a transaction. */
async function copyTemplates(
  { knex }: PostgresStore,
  templates: number,
  cards: number,
  prefix: string,
): Promise<void> {
  const columnsOf = async (table: string): Promise<string[]> => {
    const found = await knex.raw(
      `SELECT column_name FROM information_schema.columns
       WHERE table_schema = ? AND table_name = ? AND is_generated = 'NEVER' ORDER BY ordinal_position`,
      [schema, table],
    );
    return (found.rows as { column_name: string }[]).map(({ column_name: name }) => name);
  };
  const renamed: Record<string, string> = {
    card_id: `'${prefix}-' || lpad(i::text, 9, '0')`,
    customer_id: `'${prefix}-' || lpad(i::text, 6, '0')`,
    order_id: "r.order_id || '-' || i",
    key: "r.key || '-' || i",
    number: "lpad(i::text, 12, '0')",
    qr_token: "lpad(i::text, 32, '0')",
  };
  const copies = await Promise.all(
    tables.map(async (table) => {
      const columns = await columnsOf(table);
      return `INSERT INTO ${schema}.${table} (${columns.join(', ')})
        SELECT ${columns.map((column) => renamed[column] ?? `r.${column}`).join(', ')}
        FROM generate_series(?::int, ?::int) i
        JOIN template t ON t.n = i % ${templates}
        JOIN ${schema}.${table} r ON r.card_id = t.card_id
        ORDER BY i${table === 'cards' || table === 'members' ? '' : `, ${columns[1]}`}`;
    }),
  );
  await knex.transaction(async (trx) => {
    await trx.raw(
      `CREATE TEMPORARY TABLE template AS
       SELECT card_id, split_part(customer_id, '-template-', 2)::int AS n FROM ${schema}.cards WHERE customer_id LIKE ?`,
      [`${prefix}-template-%`],
    );
    await trx.raw('SET LOCAL synchronous_commit = off');
    for (let from = 0; from < cards; from += chunk)
      for (const copy of copies) await trx.raw(copy, [from, Math.min(from + chunk, cards) - 1]);
    await nameAndTally(trx, templates, cards, prefix);
    await trx.raw('DROP TABLE template');
  });
  await knex.raw(
    `VACUUM ANALYZE ${[...tables, 'names', 'tallies'].map((table) => `${schema}.${table}`).join(', ')}`,
  );
  await knex.raw('CHECKPOINT');
}

/** The names that find the copies, and a tally for each of their entries, as of commands that were settled one by one. */
async function nameAndTally(
  trx: PostgresStore['knex'],
  templates: number,
  cards: number,
  prefix: string,
): Promise<void> {
  await trx.raw(
    `INSERT INTO ${schema}.names (name, card_id)
     SELECT name, card_id FROM ${schema}.cards c
     CROSS JOIN LATERAL (VALUES ('number:' || number), ('qr:' || qr_token)) n (name)
     WHERE customer_id LIKE ? AND customer_id NOT LIKE ?`,
    [`${prefix}-%`, `${prefix}-template-%`],
  );
  await trx.raw(
    `INSERT INTO ${schema}.tallies (program_id, day, location_id, kind, entries, points, stamps)
     SELECT c.program_id, to_char(e.posted_at, 'YYYY-MM-DD'), 'location-' || i % ${tallyLocations}, e.kind, 1, e.points, 0
     FROM generate_series(0, ?::int) i
     JOIN template t ON t.n = i % ${templates}
     JOIN ${schema}.cards c ON c.card_id = t.card_id
     JOIN ${schema}.entries e ON e.card_id = t.card_id`,
    [cards - 1],
  );
}

const tallyLocations = 50;
