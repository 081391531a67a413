import { createLoyalty, type ExpiryRun, type Loyalty, unwrap } from '@loyalty-engine/core';
import { manualClock } from '@loyalty-engine/testing';
import type { Knex } from 'knex';
import { expect, inject } from 'vitest';
import { ask, nextMessage, startWorker } from '../../testing/test/worker-process.ts';
import { openShop } from '../test/open-shop.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const processes = 2;
const sweepersEach = 4;
const redeemers = 32;
const day = 86_400_000;
const lotsPerCard = 5;
const living = 100;

const memberOf = (card: number) => ({ programId: 'miles', customerId: `c${card}` });

/**
 * Eight sweepers in two processes write off the same lots, five on each of so many cards, while the cards are redeemed
 * from: each lot expires once, and everything adds up. Gives the figures.
 */
export async function sweepBesideRedeems(cards: number): Promise<string> {
  const { loyalty, store, knex, schema } = await openShop();
  const due = await fill(openPostgresStore({ knex: store.knex, schema }), cards);
  const script = new URL('sweep.worker.ts', import.meta.url);
  const workers = Array.from({ length: processes }, () =>
    startWorker(script, inject('postgresUrl'), schema, String(sweepersEach)),
  );
  await Promise.all(workers.map((worker) => nextMessage(worker)));

  const redeems = new Redeems(loyalty, cards);
  const redeeming = redeems.send();
  const startedAt = performance.now();
  const runs = (await Promise.all(workers.map((worker) => ask<ExpiryRun[]>(worker, 'sweep')))).flat();
  const seconds = (performance.now() - startedAt) / 1000;
  redeems.stop();
  await redeeming;

  for (const run of runs) expect(run).toMatchObject({ failed: 0, nextCursor: null });
  const swept = runs.reduce((sum, { expired }) => sum + expired, 0);
  expect(swept + redeems.expired).toBe(due);
  expect(await countsIn(knex, schema)).toEqual({
    expireEntries: cards * lotsPerCard,
    expiredPoints: due,
    expiredLots: cards * lotsPerCard,
    deadLots: 0,
    balance: cards * living - redeems.done,
  });
  expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 0 });
  for (let card = 0; card < cards; card += Math.ceil(cards / 500))
    expect((await loyalty.verify(memberOf(card))).problems).toEqual([]);
  return (
    `${processes * sweepersEach} sweepers in ${processes} processes on ${cards * lotsPerCard} due lots of ${cards} cards ` +
    `in ${seconds.toFixed(1)} s, beside ${redeems.done} redemptions: each lot expired once, ` +
    `${swept} points by the sweepers and ${redeems.expired} by redemptions`
  );
}

/** Gives every card lots that are due by now, and one that is not. Gives the points that are due. */
async function fill(store: ReturnType<typeof openPostgresStore>, cards: number): Promise<number> {
  const now = Date.now();
  const past = createLoyalty({
    store,
    clock: manualClock(now - 60 * day),
    maxBatch: 1000,
    maxQueue: cards * (lotsPerCard + 1),
  });
  const award = async (card: number, points: number, expiresAt: number) => {
    const source = { type: 'test', id: String(expiresAt) };
    const command = { ...memberOf(card), points, source, reason: 'Test', expiresAt: new Date(expiresAt) };
    unwrap(await past.award(command));
  };
  let due = 0;
  const awards: Promise<void>[] = [];
  for (let card = 0; card < cards; card += 1) {
    awards.push(award(card, living, now + 365 * day));
    for (let lot = 1; lot <= lotsPerCard; lot += 1) {
      due += lot;
      awards.push(award(card, lot, now - lot * day - card));
    }
  }
  await Promise.all(awards);
  return due;
}

/** Redemptions of one point each from any card, by several callers. */
class Redeems {
  done = 0;
  /** Points that redemptions found to be due, and wrote off before they spent others. */
  expired = 0;
  private stopped = false;
  private readonly loyalty: Loyalty;
  private readonly cards: number;

  constructor(loyalty: Loyalty, cards: number) {
    this.loyalty = loyalty;
    this.cards = cards;
  }

  async send(): Promise<void> {
    const call = async () => {
      while (!this.stopped) {
        const card = Math.floor(Math.random() * this.cards);
        const { entries } = unwrap(await this.loyalty.redeem({ ...memberOf(card), points: 1 }));
        this.done += 1;
        for (const { kind, points } of entries) if (kind === 'expire') this.expired -= points;
      }
    };
    await Promise.all(Array.from({ length: redeemers }, call));
  }

  stop(): void {
    this.stopped = true;
  }
}

/** What the tables say, all cards together. */
async function countsIn(knex: Knex, schema: string): Promise<Record<string, number>> {
  const { rows } = await knex.raw(
    `SELECT
      (SELECT count(*) FROM :schema:.entries WHERE kind = 'expire') AS "expireEntries",
      (SELECT -sum(points) FROM :schema:.entries WHERE kind = 'expire') AS "expiredPoints",
      (SELECT count(*) FROM :schema:.lots WHERE expired > 0) AS "expiredLots",
      (SELECT count(*) FROM :schema:.lots WHERE remaining > 0 AND burn_at < now()) AS "deadLots",
      (SELECT sum(balance) FROM :schema:.cards) AS balance`,
    { schema },
  );
  return Object.fromEntries(Object.entries(rows[0]).map(([name, value]) => [name, Number(value)]));
}
