import { createLoyalty } from '@loyalty-engine/core';
import { openPostgresStore, type PostgresStore } from '@loyalty-engine/postgres';
import type { Arena } from './contender.ts';
import { drive, median, percentile } from './drive.ts';
import { engineContender } from './engine-contender.ts';
import { fillCards, type Templates } from './fill-cards.ts';
import { benchProgram } from './program.ts';
import { table, whole } from './table.ts';
import { commandsOf, customerId } from './workload.ts';

/** Histories of ten entries: orders of the last eleven months, seven that earned and three that redeemed. */
const templates: Templates = {
  count: 100,
  startedDaysAgo: (template) => 15 + template * 3,
  earns: 7,
  redeems: 3,
};
const entriesPerCard = templates.earns + templates.redeems;
const smallSet = 20_000;

interface Figures {
  balanceMicros: number;
  pageMicros: number;
  aloneMicros: number;
  settled: number;
  settledActive: number;
  expired: number;
  [figure: string]: number;
}

/** The same work on a small set of cards and on a large one, and what the large one takes on the disk. */
export async function benchScale(arena: Arena, cards: number, seconds: number): Promise<string> {
  if (!arena.emptyDatabase) throw new Error('--scale: expected --store postgres');
  const small = await measureSet(await arena.emptyDatabase(), Math.min(smallSet, cards), seconds);
  const large = await measureSet(await arena.emptyDatabase(), cards, seconds);
  const row = (title: string, figure: string, slower: (small: number, large: number) => number) => {
    const times = slower(small.figures[figure] ?? Number.NaN, large.figures[figure] ?? Number.NaN);
    return [
      title,
      whole(small.figures[figure] ?? Number.NaN),
      whole(large.figures[figure] ?? Number.NaN),
      times.toFixed(2),
      times <= 1.5 ? 'met' : 'MISSED',
    ];
  };
  const cost = (a: number, b: number) => b / a;
  const rate = (a: number, b: number) => a / b;
  return [
    `Filled ${whole(cards)} cards with ${whole(cards * entriesPerCard)} entries in ${large.fillSeconds.toFixed(0)} s.`,
    table(
      ['', `${whole(small.cards)} cards`, `${whole(cards)} cards`, 'times slower (at most 1.50)', ''],
      [
        row('balance, µs', 'balanceMicros', cost),
        row('statement page of 20, newest first, µs', 'pageMicros', cost),
        row('70/30 earn and redeem, one caller, µs', 'aloneMicros', cost),
        row('70/30, 256 callers on 20,000 active cards, commands a second', 'settledActive', rate),
        row('70/30, 256 callers on all cards, commands a second', 'settled', rate),
        row('expiry, lots a second', 'expired', rate),
      ],
    ),
    large.sizes,
  ].join('\n\n');
}

interface MeasuredSet {
  cards: number;
  figures: Figures;
  fillSeconds: number;
  sizes: string;
}

async function measureSet(url: string, cards: number, seconds: number): Promise<MeasuredSet> {
  const open = () => openPostgresStore({ connectionString: url, pool: { max: 4 } });
  const filling = open();
  await filling.migrate();
  const start = performance.now();
  await fillCards(filling, templates, cards);
  const fillSeconds = (performance.now() - start) / 1000;
  const sizes = await sizesOf(filling, cards * entriesPerCard);
  await filling.close();

  const store = open();
  const engine = engineContender(store);
  const all = (picked: number, seed: number) => commandsOf('70/30 earn and redeem', picked, seed);
  // Plans, caches, compiled code.
  await drive(engine, all(cards, 1), 16, { seconds: 1 });
  const alone = await drive(engine, all(cards, 2), 1, { seconds });
  const active = await drive(engine, all(smallSet, 3), 256, { seconds });
  const settled = await drive(engine, all(cards, 4), 256, { seconds });
  await engine.check(Array.from({ length: 20 }, (_, index) => customerId(Math.floor((index * cards) / 20))));
  const figures: Figures = {
    balanceMicros: await microsOf(store, cards, seconds, 'balance'),
    pageMicros: await microsOf(store, cards, seconds, 'page'),
    aloneMicros:
      percentile(
        [...alone.latencies].sort((a, b) => a - b),
        0.5,
      ) * 1000,
    settledActive: active.commands / active.seconds,
    settled: settled.commands / settled.seconds,
    expired: await expiryRate(store, seconds),
  };
  await engine.close();
  return { cards, figures, fillSeconds, sizes };
}

async function microsOf(
  store: PostgresStore,
  cards: number,
  seconds: number,
  reading: 'balance' | 'page',
): Promise<number> {
  const loyalty = createLoyalty({ store });
  const micros: number[] = [];
  const end = performance.now() + (seconds * 1000) / 2;
  while (performance.now() < end) {
    const member = { programId: benchProgram.id, customerId: customerId(Math.floor(Math.random() * cards)) };
    const start = performance.now();
    if (reading === 'balance') await loyalty.balance(member);
    else await loyalty.statement(member, { limit: 20, order: 'newest-first' });
    micros.push((performance.now() - start) * 1000);
  }
  return median(micros);
}

/** Sweeps lots as if it were half a year later, for some seconds: lots a second. */
async function expiryRate(store: PostgresStore, seconds: number): Promise<number> {
  const later = Date.now() + 180 * 24 * 60 * 60 * 1000;
  const loyalty = createLoyalty({ store, clock: { now: () => later } });
  const count = async () =>
    Number(
      (await store.knex.raw("SELECT count(*) FROM loyalty.entries WHERE kind = 'expire'")).rows[0].count,
    );
  const before = await count();
  const start = performance.now();
  unwrapRun(await loyalty.jobs.expirePoints({ signal: AbortSignal.timeout(seconds * 1000) }));
  const taken = (performance.now() - start) / 1000;
  return ((await count()) - before) / taken;
}

function unwrapRun({ failed, failures }: { failed: number; failures: unknown[] }): void {
  if (failed > 0) throw new Error(`The sweep failed on ${failed} cards: ${JSON.stringify(failures[0])}`);
}

async function sizesOf({ knex }: PostgresStore, entries: number): Promise<string> {
  const { rows } = await knex.raw(`
    SELECT c.relname AS name, c.relkind AS kind, pg_table_size(c.oid) AS bytes, coalesce(t.relname, c.relname) AS of
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
    WHERE n.nspname = 'loyalty' AND c.relkind IN ('r', 'i') AND pg_table_size(c.oid) > 1000000
    ORDER BY 4, 2 DESC, 1`);
  const sized = rows as { name: string; kind: string; bytes: string }[];
  const total = sized.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const line = (name: string, bytes: number) => [name, whole(bytes / 1e6), (bytes / entries).toFixed(1)];
  return table(
    ['table or index', 'MB', 'bytes an entry'],
    [...sized.map(({ name, bytes }) => line(name, Number(bytes))), line('together', total)],
  );
}
