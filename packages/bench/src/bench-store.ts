import type { Changes, Work } from '@loyalty-engine/core';
import { benchProcesses } from './bench-processes.ts';
import type { Arena, Contender } from './contender.ts';
import { type Drive, drive } from './drive.ts';
import { cardSums, engineContender } from './engine-contender.ts';
import { fdatasyncMicros } from './machine.ts';
import { recordChanges } from './record-changes.ts';
import { latencyTable, referenceLine, throughputTable, verdicts } from './store-report.ts';
import { commandsOf, customerId, type Workload, workloadNames, workloads } from './workload.ts';

export interface StoreOptions {
  /** Seconds of measuring for each contender and cell, shared out over the rounds. */
  seconds: number;
  rounds: number;
  cards: number;
  callers: readonly number[];
  directory: string;
}

export interface Round {
  /** What a durable write cost just before, to tell a slow disk from slow code. */
  fdatasyncMicros: number;
  own: Drive;
  hand: Drive;
  ceiling: number;
  /** With as many batches at once as the store writes. */
  ceilingAtOnce: number | null;
}

export interface Cell {
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
  const reference = await arena.reference?.(options.seconds);
  const processes = await benchProcesses(arena, options);
  return [
    throughputTable(cells),
    latencyTable(cells),
    ...processes,
    ...referenceLine(reference),
    verdicts(cells, arena.targets, reference),
  ].join('\n\n');
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

  const handWritten = await arena.handWritten(callers);
  const hand = await race(handWritten);
  await handWritten.close();

  const copy = await arena.scratchStore();
  const recorded = await recordChanges(copy, batches);
  await copy.close();
  const ceilingRate = async (atOnce: number) =>
    own.commands / (await ceilingSeconds(arena, recorded, atOnce, sums));
  const ceiling = await ceilingRate(1);
  const ceilingAtOnce = arena.ceilingAtOnce ? await ceilingRate(arena.ceilingAtOnce) : null;
  return { fdatasyncMicros: disk, own, hand, ceiling, ceilingAtOnce };
}

async function ceilingSeconds(
  arena: Arena,
  recorded: readonly Changes[],
  atOnce: number,
  sums: string,
): Promise<number> {
  const ceiling = await arena.ceiling(recorded, atOnce);
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
  const picked = workloads[workload].hotCards ?? cards;
  const size = Math.min(picked, 50);
  return Array.from({ length: size }, (_, index) => customerId(Math.floor((index * picked) / size)));
}

/** Each turn starts without the garbage of the one before. Needs `--expose-gc`. */
function collectGarbage(): void {
  globalThis.gc?.();
}
