import type { Arena } from './contender.ts';
import { drive } from './drive.ts';
import { engineContender } from './engine-contender.ts';
import { table, whole } from './table.ts';
import { commandsOf, customerId, startingOrders } from './workload.ts';

export interface MemoryOptions {
  commands: number;
  cards: number;
}

interface Sample {
  answered: number;
  resident: number;
  heap: number;
  seconds: number;
}

const mostMegabytes = 300;
// Growth over the second half that is still noise of the collector.
const flatWithin = 0.05;

/** Resident memory of this process while one engine settles a million commands from 256 callers. */
export async function benchMemory(arena: Arena, { commands, cards }: MemoryOptions): Promise<string> {
  // The cards are enrolled by the first of the million, so that nothing else ever ran in this process.
  await arena.prepare(0);
  const engine = engineContender(await arena.store());
  const samples: Sample[] = [];
  const start = performance.now();
  const every = Math.ceil(commands / 40);
  const starting = startingOrders(cards);
  const mixed = commandsOf('70/30 earn and redeem', cards, 1);
  const next = () => starting.next().value ?? mixed();
  await drive(engine, next, 256, { commands }, (answered) => {
    if (answered % every !== 0) return;
    const { rss, heapUsed } = process.memoryUsage();
    samples.push({ answered, resident: rss, heap: heapUsed, seconds: (performance.now() - start) / 1000 });
  });
  await engine.check(Array.from({ length: 50 }, (_, index) => customerId(Math.floor((index * cards) / 50))));
  const disk = await arena.bytes();
  await engine.close();

  const rows = samples
    .filter((_, index) => (index + 1) % 4 === 0)
    .map(({ answered, resident, heap, seconds }) => [
      whole(answered),
      megabytes(resident),
      megabytes(heap),
      whole(answered / seconds),
    ]);
  const most = Math.max(...samples.map((sample) => sample.resident)) / 2 ** 20;
  const growth = growthOf(samples);
  return [
    table(['commands so far', 'resident MB', 'heap used MB', 'a second'], rows),
    table(
      ['target', 'at most', 'is', ''],
      [
        [
          'most resident MB',
          String(mostMegabytes),
          most.toFixed(0),
          most <= mostMegabytes ? 'met' : 'MISSED',
        ],
        [
          'growth, third quarter to last',
          percent(flatWithin),
          percent(growth),
          growth <= flatWithin ? 'met' : 'MISSED',
        ],
      ],
    ),
    `The database took ${megabytes(disk)} MB on disk at the end.`,
  ].join('\n\n');
}

/** How much more memory the last quarter took than the third, in the mean. */
function growthOf(samples: readonly Sample[]): number {
  const quarter = Math.floor(samples.length / 4);
  const mean = (part: readonly Sample[]) =>
    part.reduce((sum, { resident }) => sum + resident, 0) / part.length;
  return mean(samples.slice(-quarter)) / mean(samples.slice(-2 * quarter, -quarter)) - 1;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
