import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLoyalty } from '@loyalty-engine/core';
import { openPostgresStore } from '@loyalty-engine/postgres';
import type { Arena } from './contender.ts';
import { fillCards } from './fill-cards.ts';
import { millis, ratio, table, whole } from './table.ts';

const lotsPerCard = [10, 1] as const;
const liveCards = 5_000;
const idleSeconds = 5;

interface Latency {
  p50: number;
  p99: number;
  count: number;
}

/** Sweeps due lots in this process while a till in another one redeems. */
export async function benchExpiry(arena: Arena, lots: number): Promise<string> {
  if (!arena.emptyDatabase) return 'Measured on PostgreSQL only: --store postgres.';
  const rows: string[][] = [];
  const targets: string[][] = [];
  for (const each of lotsPerCard) {
    const run = await sweep(await arena.emptyDatabase(), lots / each, each);
    const perSecond = lots / run.seconds;
    const slower = run.during.p99 / run.idle.p99;
    rows.push([
      `${whole(lots)} lots, ${each} a card`,
      whole(perSecond),
      whole(lots / each / run.seconds),
      whole(run.mebibytes),
      millis(run.idle.p50),
      millis(run.idle.p99),
      millis(run.during.p50),
      millis(run.during.p99),
    ]);
    const verdict = (what: string, target: string, is: string, met: boolean) =>
      targets.push([`${what}, ${each} a card`, target, is, met ? 'met' : 'MISSED']);
    verdict('lots a second', 'at least 20,000', whole(perSecond), perSecond >= 20_000);
    verdict('resident memory, MiB', 'at most 300', whole(run.mebibytes), run.mebibytes <= 300);
    verdict("redeems' p99 to their idle p99", 'at most 5.00', ratio(slower), slower <= 5);
  }
  return [
    table(
      ['', 'lots/s', 'cards/s', 'memory MiB', 'idle p50 ms', 'idle p99', 'during p50', 'during p99'],
      rows,
    ),
    table(['target', '', 'is', ''], targets),
  ].join('\n\n');
}

async function sweep(url: string, cards: number, lotsEach: number) {
  const filling = openPostgresStore({ connectionString: url, pool: { max: 2 } });
  await filling.migrate();
  const past = {
    count: 50,
    startedDaysAgo: (template: number) => 400 + template,
    earns: lotsEach,
    redeems: 0,
  };
  await fillCards(filling, past, cards, 'due');
  const live = { count: 20, startedDaysAgo: (template: number) => 30 + template, earns: 20, redeems: 0 };
  await fillCards(filling, live, liveCards, 'live');
  await filling.close();

  const till = fork(fileURLToPath(new URL('redeem-worker.js', import.meta.url)), { execArgv: [] });
  till.send({ url, cards: liveCards, prefix: 'live' });
  await sleep(1_000);
  await latencyOf(till);
  await sleep(idleSeconds * 1000);
  const idle = await latencyOf(till);

  const loyalty = createLoyalty({ store: openPostgresStore({ connectionString: url, pool: { max: 4 } }) });
  let mebibytes = 0;
  const watch = setInterval(() => {
    mebibytes = Math.max(mebibytes, process.memoryUsage().rss / 2 ** 20);
  }, 20);
  const start = performance.now();
  const { failed, processed } = await loyalty.jobs.expirePoints();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  const during = await latencyOf(till);
  till.disconnect();
  await once(till, 'exit');
  await loyalty.close();
  // The templates are due as well.
  if (failed > 0 || processed < cards)
    throw new Error(`Swept ${processed} of ${cards} cards, ${failed} failed`);
  return { seconds, mebibytes, idle, during };
}

async function latencyOf(till: ChildProcess): Promise<Latency> {
  const answer = once(till, 'message');
  till.send('tell');
  const [latency] = await answer;
  return latency as Latency;
}
