import { benchExpiry } from './bench-expiry.ts';
import { benchMemory } from './bench-memory.ts';
import { benchReads } from './bench-reads.ts';
import { benchRules } from './bench-rules.ts';
import { benchScale } from './bench-scale.ts';
import { benchSearch } from './bench-search.ts';
import { benchStatistics } from './bench-statistics.ts';
import { benchStore } from './bench-store.ts';
import type { Arena } from './contender.ts';
import { type Flags, readFlags, type SectionName, type StoreName } from './flags.ts';
import { benchHttp } from './http/bench-http.ts';
import { postgresArena } from './postgres-arena.ts';
import { sqliteArena } from './sqlite-arena.ts';

const arenas: Record<StoreName, (directory: string) => Arena> = {
  sqlite: sqliteArena,
  postgres: postgresArena,
};

const sections: Record<SectionName, { title: string; run(arena: Arena, flags: Flags): Promise<string> }> = {
  rules: { title: 'Rules, one core', run: (_arena, { seconds }) => benchRules(seconds) },
  store: { title: 'Throughput of a store', run: benchStore },
  memory: { title: 'Memory of one process', run: benchMemory },
  reads: {
    title: 'Reading cards with short and long histories',
    run: (arena, { seconds }) => benchReads(arena, seconds),
  },
  expiry: { title: 'Expiry beside redeems', run: (arena, { lots }) => benchExpiry(arena, lots) },
  scale: {
    title: 'A small set of cards and a large one',
    run: (arena, { factor, seconds }) => benchScale(arena, Math.round(1_000_000 * factor), seconds),
  },
  statistics: {
    title: 'Statistics of a program',
    run: (arena, { cards }) => benchStatistics(arena, cards),
  },
  http: {
    title: 'The Cathay Shop over HTTP',
    run: (_arena, { shopStores, ...options }) => benchHttp(shopStores, options),
  },
  search: {
    title: 'Searching the Cathay Shop',
    run: (_arena, { shopStores, directory }) => benchSearch(shopStores, directory),
  },
};

const flags = readFlags(process.argv.slice(2));
for (const name of flags.sections) {
  const { title, run } = sections[name];
  const arena = arenas[flags.store](flags.directory);
  try {
    const report = await run(arena, flags);
    // Rules have no store, and the sections on the shop name those that they measure.
    const store = ['rules', 'http', 'search'].includes(name) ? '' : `${arena.describe()}\n\n`;
    console.log(`\n## ${title}\n\n${store}${report}`);
  } finally {
    await arena.close();
  }
}
