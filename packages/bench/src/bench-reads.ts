import { createLoyalty, type Loyalty, type ProgramInput } from '@loyalty-engine/core';
import type { Arena, Contender } from './contender.ts';
import { drive, median } from './drive.ts';
import { runCommand } from './engine-contender.ts';
import { benchProgram } from './program.ts';
import { table } from './table.ts';
import { commandsOf } from './workload.ts';

const sizes = [10, 1_000, 100_000] as const;
type Member = { programId: string; customerId: string };
const minute = 60_000;

/** Readings whose cost must not depend on how long a card's history is. */
const readings: Record<string, (loyalty: Loyalty, member: Member) => Promise<unknown>> = {
  balance: (loyalty, member) => loyalty.balance(member),
  'first page of 10, oldest first': (loyalty, member) => loyalty.statement(member, { limit: 10 }),
  'first page of 10, newest first': (loyalty, member) =>
    loyalty.statement(member, { limit: 10, order: 'newest-first' }),
};

/** Programs to read under: lots that end one by one, and lots of a month that all end together. */
const programs: Record<string, ProgramInput> = {
  'lots end one by one': benchProgram,
  'lots of a month end together': {
    ...benchProgram,
    points: { ...benchProgram.points, expiry: { kind: 'after-earning', months: 12, roundUpTo: 'month' } },
  },
};

/** Median cost of reading cards with short and long histories, an entry a minute. */
export async function benchReads(arena: Arena, seconds: number): Promise<string> {
  await arena.prepare(1);
  const rows: string[][] = [];
  for (const [ending, program] of Object.entries(programs)) {
    const store = await arena.scratchStore();
    let now = Date.now();
    const loyalty = createLoyalty({ store, clock: { now: () => now } });
    await loyalty.programs.publish({ ...program, id: benchProgram.id });
    for (const size of sizes) {
      const card = historyOf(loyalty, size, () => {
        now += minute;
      });
      await drive(card, commandsOf('one hot card, 70/30', 1, size), 256, { commands: size });
    }
    for (const [name, read] of Object.entries(readings)) {
      const micros = await measure(
        sizes.map((size) => () => read(loyalty, memberOf(size))),
        seconds,
      );
      const longest = (micros.at(-1) ?? Number.NaN) / (micros[0] ?? Number.NaN);
      rows.push([
        `${name}; ${ending}`,
        ...micros.map((cost) => cost.toFixed(0)),
        longest.toFixed(2),
        longest <= 2 ? 'met' : 'MISSED',
      ]);
    }
    await loyalty.close();
  }
  return table(
    ['µs a reading', ...sizes.map((size) => `${size} entries`), '100,000 / 10 (at most 2)', ''],
    rows,
  );
}

function memberOf(size: number): Member {
  return { programId: benchProgram.id, customerId: `reads-${size}` };
}

/** Writes a workload on the card of a size, time passing with each command. */
function historyOf(loyalty: Loyalty, size: number, pass: () => void): Contender {
  return {
    run(command) {
      pass();
      return runCommand(loyalty, { ...command, customerId: memberOf(size).customerId });
    },
    check: async () => {},
    close: async () => {},
  };
}

/** Median microseconds of each reading; they take turns. */
async function measure(readings: (() => Promise<unknown>)[], seconds: number): Promise<number[]> {
  const micros = readings.map((): number[] => []);
  const end = performance.now() + seconds * 1000;
  for (let turn = 0; turn < 50 || performance.now() < end; turn += 1) {
    for (const [index, read] of readings.entries()) {
      const start = performance.now();
      await read();
      micros[index]?.push((performance.now() - start) * 1000);
    }
  }
  return micros.map(median);
}
