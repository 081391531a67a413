import type { Changes, Work } from '@loyalty-engine/core';
import type { Arena, Contender } from './contender.ts';
import { type Drive, drive, median, percentile } from './drive.ts';
import { cardSums, engineContender } from './engine-contender.ts';
import { fdatasyncMicros } from './machine.ts';
import { recordChanges } from './record-changes.ts';
import { millis, ratio, table, whole } from './table.ts';
import { commandsOf, customerId, type Workload, workloadNames, workloads } from './workload.ts';

export interface StoreOptions {
  /** Seconds of measuring for each contender and cell, shared out over the rounds. */
  seconds: number;
  rounds: number;
  cards: number;
  callers: readonly number[];
  directory: string;
}

interface Round {
  /** What a durable write cost just before, to tell a slow disk from slow code. */
  fdatasyncMicros: number;
  own: Drive;
  hand: Drive;
  ceiling: number;
}

interface Cell {
  workload: Workload;
  callers: number;
  rounds: Round[];
}

/** Throughput of ours, the hand-written one and the write ceiling, taking turns so that noise hits all alike. */
export async function benchStore(arena: Arena, options: StoreOptions): Promise<string> {
  await arena.prepare(options.cards);
  // The first round only warms up: compiled code, page cache.
  await measureRound(arena, options, '70/30 earn and redeem', 16, 0);
  const cells: Cell[] = [];
  for (const workload of workloadNames) {
    for (const callers of options.callers) {
      const rounds: Round[] = [];
      for (let round = 1; round <= options.rounds; round += 1) {
        rounds.push(await measureRound(arena, options, workload, callers, round));
      }
      cells.push({ workload, callers, rounds });
    }
  }
  return [throughputTable(cells), latencyTable(cells), verdicts(cells)].join('\n\n');
}

async function measureRound(
  arena: Arena,
  { seconds, rounds, cards, directory }: StoreOptions,
  workload: Workload,
  callers: number,
  seed: number,
): Promise<Round> {
  const until = { seconds: seconds / rounds };
  const sample = sampleOf(workload, cards);
  const race = async (contender: Contender): Promise<Drive> => {
    collectGarbage();
    const raced = await drive(contender, commandsOf(workload, cards, seed), callers, until);
    await contender.check(sample);
    return raced;
  };

  const disk = fdatasyncMicros(directory, 50);
  const store = await arena.store();
  const batches: (readonly Work[])[] = [];
  const engine = engineContender(store, (work) => batches.push(work));
  const own = await race(engine);
  const sums = await cardSums(store);
  await engine.close();

  const handWritten = await arena.handWritten();
  const hand = await race(handWritten);
  await handWritten.close();

  const copy = await arena.scratchStore();
  const recorded = await recordChanges(copy, batches);
  await copy.close();
  const ceiling = own.commands / (await ceilingSeconds(arena, recorded, sums));
  return { fdatasyncMicros: disk, own, hand, ceiling };
}

async function ceilingSeconds(arena: Arena, recorded: readonly Changes[], sums: string): Promise<number> {
  const ceiling = await arena.ceiling(recorded);
  collectGarbage();
  const start = performance.now();
  await ceiling.write();
  const seconds = (performance.now() - start) / 1000;
  const written = await cardSums(ceiling.store);
  if (written !== sums) throw new Error(`The ceiling wrote ${written}, the store ${sums}`);
  await ceiling.store.close();
  return seconds;
}

/** The customers whose books are checked after a round. */
function sampleOf(workload: Workload, cards: number): string[] {
  if (!workloads[workload].spread) return [customerId(0)];
  return Array.from({ length: 50 }, (_, index) => customerId(Math.floor((index * cards) / 50)));
}

const rate = ({ commands, seconds }: Drive) => commands / seconds;

function rates({ rounds }: Cell) {
  const own = median(rounds.map((round) => rate(round.own)));
  const hand = median(rounds.map((round) => rate(round.hand)));
  const ceiling = median(rounds.map((round) => round.ceiling));
  return { own, hand, ceiling, toHand: own / hand, toCeiling: own / ceiling };
}

function throughputTable(cells: readonly Cell[]): string {
  return table(
    [
      'commands a second',
      'callers',
      'ours',
      'hand-written',
      'ceiling',
      'ours / hand-written',
      'ours / ceiling',
      'fdatasync µs',
    ],
    cells.map((cell) => {
      const { own, hand, ceiling, toHand, toCeiling } = rates(cell);
      return [
        cell.workload,
        String(cell.callers),
        whole(own),
        whole(hand),
        whole(ceiling),
        ratio(toHand),
        ratio(toCeiling),
        whole(median(cell.rounds.map((round) => round.fdatasyncMicros))),
      ];
    }),
  );
}

function latencyTable(cells: readonly Cell[]): string {
  return table(
    ['milliseconds', 'callers', 'ours p50', 'ours p99', 'hand-written p50', 'hand-written p99'],
    cells.map(({ workload, callers, rounds }) => {
      const columns = (['own', 'hand'] as const).flatMap((who) => {
        const sorted = rounds.flatMap((round) => round[who].latencies).sort((a, b) => a - b);
        return [millis(percentile(sorted, 0.5)), millis(percentile(sorted, 0.99))];
      });
      return [workload, String(callers), ...columns];
    }),
  );
}

function verdicts(cells: readonly Cell[]): string {
  const at = (workload: Workload, callers: number) => {
    const cell = cells.find((one) => one.workload === workload && one.callers === callers);
    return cell && rates(cell);
  };
  const mixed = at('70/30 earn and redeem', 256);
  const hot = at('one hot card, 70/30', 256);
  const rows: string[][] = [];
  const judge = (what: string, target: number, is: number | undefined) => {
    if (is === undefined) return;
    rows.push([what, ratio(target), ratio(is), is >= target ? 'met' : 'MISSED']);
  };
  judge('mixed load, 256 callers, to the ceiling', 0.6, mixed?.toCeiling);
  judge('mixed load, 256 callers, to the hand-written one', 3, mixed?.toHand);
  judge('hot card to spread cards, 256 callers', 1, hot && mixed && hot.own / mixed.own);
  for (const workload of workloadNames) {
    judge(`${workload}, one caller, to the hand-written one`, 0.8, at(workload, 1)?.toHand);
  }
  return table(['target', 'at least', 'is', ''], rows);
}

/** Each turn starts without the garbage of the one before. Needs `--expose-gc`. */
function collectGarbage(): void {
  globalThis.gc?.();
}
