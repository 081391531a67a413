import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, type Loyalty } from '@loyalty-engine/core';
import { expect } from 'vitest';
import { nextMessage, startWorker } from '../../testing/test/worker-process.ts';
import { program } from '../test/program.ts';
import { callers, commandNumbered, expectEachOnce, isAcknowledged } from './crash-load.test-data.ts';
import { openPostgresStore } from './open-postgres-store.ts';

/**
 * Kills an application in the middle of its work, again and again: what it had acknowledged is there, and nothing is
 * there twice once every command was sent again under its key. Gives the figures.
 */
export async function killApplication(
  connectionString: string,
  schema: string,
  kills: number,
): Promise<string> {
  const store = openPostgresStore({ connectionString, schema });
  await store.migrate();
  const loyalty = createLoyalty({ store });
  await loyalty.programs.publish(program);
  const start = () => startWorker(new URL('crash.worker.ts', import.meta.url), connectionString, schema);
  const totals = { sent: 0, acknowledged: 0, unheard: 0 };
  let ready = start();
  for (let kill = 0; kill < kills; kill += 1) {
    const worker = ready;
    await nextMessage(worker);
    // The next one starts while this one works.
    if (kill + 1 < kills) ready = start();
    const series = `kill ${kill}`;
    const acknowledged = await loadUntilKilled(worker, series);
    const repeated = await repeat(loyalty, series, acknowledged);
    totals.sent += repeated.sent;
    totals.acknowledged += acknowledged.size;
    totals.unheard += repeated.unheard;
  }
  await loyalty.close();
  expect(totals.acknowledged).toBeGreaterThan(kills * 100);
  return (
    `${kills} kills of an application with ${callers} commands in flight: ${totals.sent} commands, ` +
    `${totals.acknowledged} acknowledged before a kill and all there, ` +
    `${totals.unheard} written but not acknowledged and not doubled`
  );
}

/** Lets a worker run for a random while, kills it, and tells what it had acknowledged. */
async function loadUntilKilled(worker: ChildProcess, series: string): Promise<Set<number>> {
  const acknowledged = new Set<number>();
  const first = once(worker, 'message');
  worker.on('message', (number: number) => acknowledged.add(number));
  const ended = Promise.all([once(worker, 'exit'), once(worker, 'disconnect')]);
  worker.send(series);
  await first;
  await sleep(Math.random() * 250);
  worker.kill('SIGKILL');
  const [[, signal]] = await ended;
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

/** Sends every command again, and some that were never sent. */
async function repeat(loyalty: Loyalty, series: string, acknowledged: ReadonlySet<number>) {
  const sent = Math.max(...acknowledged) + 2 * callers;
  const numbers = Array.from({ length: sent }, (_, number) => number);
  const outcomes = await Promise.all(numbers.map((number) => commandNumbered(loyalty, series, number)));
  const there: number[] = [];
  let unheard = 0;
  for (const [number, outcome] of outcomes.entries()) {
    if (acknowledged.has(number))
      expect([number, outcome]).toMatchObject([number, { ok: true, replayed: true }]);
    else if (outcome.ok && outcome.replayed) unheard += 1;
    if (isAcknowledged(outcome)) there.push(number);
  }
  await expectEachOnce(loyalty, series, there);
  return { sent, unheard };
}
