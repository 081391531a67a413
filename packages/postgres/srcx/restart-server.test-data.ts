import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, type Loyalty, LoyaltyError } from '@loyalty-engine/core';
import { expect, onTestFinished } from 'vitest';
import { program } from '../test/program.ts';
import { startServer } from '../test/test-server.ts';
import { callers, commandNumbered, expectEachOnce, isAcknowledged } from './crash-load.test-data.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const impatientCallers = 100;

/**
 * Breaks the server off and starts it again, over and over, under an application that goes on. Most of its commands go
 * through a store that tries again by itself; some through one that does not, whose callers send them again under the same
 * keys. What is acknowledged is there, and everything is there once. Gives the figures.
 */
export async function restartServer(restarts: number): Promise<string> {
  const server = await startServer();
  onTestFinished(server.stop);
  const open = (retryForMs: number) => openPostgresStore({ connectionString: server.url(), retryForMs });
  const store = open(30_000);
  await store.migrate();
  const patient = new Load(createLoyalty({ store }), 'patient');
  const impatient = new Load(createLoyalty({ store: open(0) }), 'impatient');
  await patient.loyalty.programs.publish(program);

  const sending = Promise.all([patient.send(callers), impatient.send(impatientCallers)]);
  let carried = 0;
  let down = 0;
  const stopAndStart = async () => {
    await Promise.all([patient.acknowledges(2 * callers), impatient.acknowledges(impatientCallers)]);
    await sleep(Math.random() * 100);
    const inFlight = new Set(patient.inFlight);
    expect(inFlight.size).toBeGreaterThan(500);
    const stoppedAt = performance.now();
    await server.kill('SIGQUIT');
    await sleep(Math.random() * 200);
    await server.restart();
    await patient.acknowledges(1);
    down += performance.now() - stoppedAt;
    await patient.answers(inFlight);
    carried += inFlight.size;
  };
  for (let restart = 0; restart < restarts; restart += 1) await Promise.race([stopAndStart(), sending]);
  for (const load of [patient, impatient]) load.stop();
  await sending;
  expect(patient.rejected.size).toBe(0);
  expect(impatient.rejected.size).toBeGreaterThan(restarts);
  for (const { loyalty, series, acknowledged } of [patient, impatient]) {
    await expectEachOnce(loyalty, series, acknowledged);
    await loyalty.close();
  }
  return (
    `${restarts} immediate stops of the server with ${callers + impatientCallers} commands in flight: ` +
    `${patient.acknowledged.size + impatient.acknowledged.size} acknowledged and all there once; ` +
    `${carried} in flight at a stop were carried through without the caller noticing, ` +
    `${impatient.rejected.size} of a store that does not try again were sent again under the same key; ` +
    `${Math.round(down / restarts)} ms from a stop to the next acknowledgement`
  );
}

/** Callers that send commands one after the other, and one that was rejected again until it is answered. */
class Load {
  readonly acknowledged = new Set<number>();
  readonly rejected = new Set<number>();
  readonly inFlight = new Set<number>();
  readonly loyalty: Loyalty;
  readonly series: string;
  private next = 0;
  private stopped = false;

  constructor(loyalty: Loyalty, series: string) {
    this.loyalty = loyalty;
    this.series = series;
  }

  /** Resolves when the callers have stopped. */
  async send(callers: number): Promise<void> {
    const call = async () => {
      while (!this.stopped) {
        const number = this.next;
        this.next += 1;
        this.inFlight.add(number);
        if (isAcknowledged(await this.sendUntilAnswered(number))) this.acknowledged.add(number);
        this.inFlight.delete(number);
      }
    };
    await Promise.all(Array.from({ length: callers }, call));
  }

  private async sendUntilAnswered(number: number) {
    for (;;) {
      try {
        return await commandNumbered(this.loyalty, this.series, number);
      } catch (error) {
        if (!(error instanceof LoyaltyError && error.code === 'STORE_UNAVAILABLE')) throw error;
        this.rejected.add(number);
        await sleep(10);
      }
    }
  }

  /** Resolves once so many more are acknowledged. */
  async acknowledges(more: number): Promise<void> {
    const enough = this.acknowledged.size + more;
    while (this.acknowledged.size < enough) await sleep(5);
  }

  /** Resolves once all of these are answered. */
  async answers(numbers: ReadonlySet<number>): Promise<void> {
    while ([...numbers].some((number) => this.inFlight.has(number))) await sleep(5);
  }

  stop(): void {
    this.stopped = true;
  }
}
