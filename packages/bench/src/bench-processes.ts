import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { StoreOptions } from './bench-store.ts';
import type { Arena } from './contender.ts';
import { engineContender } from './engine-contender.ts';
import { table, whole } from './table.ts';
import { customerId, type Workload } from './workload.ts';

const processes = 2;
const callersEach = 128;
const measured: readonly Workload[] = ['70/30 earn and redeem', 'one hot card, 70/30'];

/** What a process is told over its channel. */
export interface ProcessOrder {
  url: string;
  workload: Workload;
  cards: number;
  callers: number;
  seconds: number;
  seed: number;
}

/** Throughput of several application processes on one database, together; nothing for a store of one process. */
export async function benchProcesses(arena: Arena, { seconds, cards }: StoreOptions): Promise<string[]> {
  if (!arena.urlOf) return [];
  const rows: string[][] = [];
  for (const workload of measured) {
    const store = await arena.store();
    const url = arena.urlOf(store);
    const answers = await Promise.all(
      Array.from({ length: processes }, (_, index) =>
        inProcess({ url, workload, cards, callers: callersEach, seconds, seed: 1000 + index }),
      ),
    );
    const engine = engineContender(store);
    await engine.check([customerId(0)]);
    await engine.close();
    rows.push([workload, whole(answers.reduce((sum, rate) => sum + rate, 0)), ...answers.map(whole)]);
  }
  return [
    table(
      [`commands a second, ${processes} processes of ${callersEach} callers`, 'together', 'one', 'the other'],
      rows,
    ),
  ];
}

async function inProcess(order: ProcessOrder): Promise<number> {
  const child = fork(fileURLToPath(new URL('process-worker.js', import.meta.url)), { execArgv: [] });
  const answer = once(child, 'message');
  child.send(order);
  const [rate] = await Promise.race([
    answer,
    once(child, 'exit').then(([code]) => {
      throw new Error(`A process of the benchmark ended with ${String(code)}`);
    }),
  ]);
  child.disconnect();
  return rate as number;
}
