import { once } from 'node:events';
import { createLoyalty, type EntryView } from '@loyalty-engine/core';
import { expect, it } from 'vitest';
import { nextMessage, startWorker } from '../../testing/test/worker-process.ts';
import { cards, commandNumbered } from './crash-load.test-data.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { program, temporaryFile } from './temporary-file.test-data.ts';

const kills = 50;

it(`kill -9 in mid-load, ${kills} times: nothing acknowledged is lost, nothing is doubled by a retry`, async () => {
  const file = temporaryFile();
  const setUp = createLoyalty({ store: openSqliteStore({ file }) });
  await setUp.programs.publish(program);
  await setUp.close();
  let from = 0;
  let acknowledgedInAll = 0;
  let openInAll = 0;
  for (let round = 0; round < kills; round += 1) {
    const acknowledged = await loadUntilKilled(file, from);
    const loyalty = createLoyalty({ store: openSqliteStore({ file }) });
    const sent = Math.max(from, ...acknowledged) + 400;
    const numbers = Array.from({ length: sent - from }, (_, index) => from + index);
    const outcomes = await Promise.all(numbers.map((number) => commandNumbered(loyalty, number)));
    for (const [index, outcome] of outcomes.entries()) {
      const number = from + index;
      if (acknowledged.has(number))
        expect([number, outcome]).toMatchObject([number, { ok: true, replayed: true }]);
      else if (outcome.ok && outcome.replayed) openInAll += 1;
    }
    acknowledgedInAll += acknowledged.size;
    from = sent;
    expect((await loyalty.verify()).problems).toEqual([]);
    await loyalty.close();
  }
  const loyalty = createLoyalty({ store: openSqliteStore({ file }) });
  await expectNothingDoubled(loyalty, from);
  await loyalty.close();
  expect(acknowledgedInAll).toBeGreaterThan(kills * 100);
  console.log(
    `${kills} kills, ${from} commands, ${acknowledgedInAll} acknowledged before a kill and all there,`,
    `${openInAll} written but not acknowledged and not doubled`,
  );
});

/** Lets a worker run for a random while, kills it, and tells what it had acknowledged. */
async function loadUntilKilled(file: string, from: number): Promise<Set<number>> {
  const worker = startWorker(new URL('crash.worker.ts', import.meta.url), file, String(from));
  expect(await nextMessage(worker)).toBe(cards);
  const acknowledged = new Set<number>();
  worker.on('message', (number: number) => acknowledged.add(number));
  const exit = once(worker, 'exit');
  acknowledged.add(await nextMessage<number>(worker));
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 250));
  worker.kill('SIGKILL');
  const [, signal] = await exit;
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

/** Every earning is on its card once, and no entry is there that no command made. */
async function expectNothingDoubled(loyalty: ReturnType<typeof createLoyalty>, sent: number): Promise<void> {
  for (let card = 0; card < cards; card += 1) {
    const orders: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await loyalty.statement(
        { programId: 'miles', customerId: `c${card}` },
        { limit: 1000, ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const entry of page.entries as EntryView[]) if (entry.orderId !== null) orders.push(entry.orderId);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const expected = [];
    for (let number = card; number < sent; number += cards) if (number % 3 !== 2) expected.push(`o${number}`);
    expect(orders.sort()).toEqual(expected.sort());
  }
}
