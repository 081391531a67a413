import { createLoyalty, type StatisticsQuery } from '@loyalty-engine/core';
import { openPostgresStore } from '@loyalty-engine/postgres';
import type { Arena } from './contender.ts';
import { median } from './drive.ts';
import { fillCards } from './fill-cards.ts';
import { benchProgram } from './program.ts';
import { table, whole } from './table.ts';

const entriesPerCard = 10;
const mostMs = 200;
const turns = 7;

const questions: [title: string, query: Omit<StatisticsQuery, 'programId' | 'merchantId'>][] = [
  ['all time', {}],
  ['all time, by day', { by: 'day' }],
  ['all time, by location', { by: 'location' }],
];

/** Statistics of a program over all of its cards, right after every entry was settled alone and once the job has tidied. */
export async function benchStatistics(arena: Arena, cards: number): Promise<string> {
  if (!arena.emptyDatabase) throw new Error('--only statistics: expected --store postgres');
  const store = openPostgresStore({ connectionString: await arena.emptyDatabase(), pool: { max: 4 } });
  try {
    await store.migrate();
    const templates = { count: 100, startedDaysAgo: (n: number) => 15 + n * 3, earns: 7, redeems: 3 };
    await fillCards(store, templates, cards);
    const loyalty = createLoyalty({ store });
    const untidied = await measure(loyalty);
    await store.tidy?.(Date.now());
    const tidied = await measure(loyalty);
    return [
      `${whole(cards)} cards with ${whole(cards * entriesPerCard)} entries; the median of ${turns} turns.`,
      table(
        ['', 'ms, a tally an entry', 'ms, tidied', `at most ${mostMs}`],
        questions.map(([title], index) => [
          title,
          (untidied[index] ?? Number.NaN).toFixed(0),
          (tidied[index] ?? Number.NaN).toFixed(0),
          (tidied[index] ?? Number.NaN) <= mostMs ? 'met' : 'MISSED',
        ]),
      ),
    ].join('\n\n');
  } finally {
    await store.close();
  }
}

async function measure(loyalty: ReturnType<typeof createLoyalty>): Promise<number[]> {
  const figures: number[] = [];
  for (const [, query] of questions) {
    const ms: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const start = performance.now();
      await loyalty.statistics({ programId: benchProgram.id, ...query });
      ms.push(performance.now() - start);
    }
    figures.push(median(ms));
  }
  return figures;
}
