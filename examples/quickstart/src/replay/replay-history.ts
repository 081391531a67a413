import { createLoyalty } from '@loyalty-engine/core';
import { openSqliteStore } from '@loyalty-engine/sqlite';
import { describeProgram, describeSpending } from '../describe-program.ts';
import { type Figures, figuresOf } from '../figures.ts';
import { stopClock } from '../stop-clock.ts';
import { closeBooks } from './close-books.ts';
import { LeftOut } from './left-out.ts';
import type { Mapping } from './mapping.ts';
import { openText } from './open-text.ts';
import { OrderShelf } from './order-shelf.ts';
import { printBooks, printLeftOut } from './print-totals.ts';
import { progressBar } from './progress-bar.ts';
import { readMapping } from './read-mapping.ts';
import { replayOrders } from './replay-orders.ts';
import { shelveRows } from './shelve-rows.ts';
import { Tally } from './tally.ts';

export interface ReplayWish {
  orders: string;
  mapping: string | undefined;
  report: string | undefined;
  strict: boolean;
  /** Where the loyalty database goes, and a folder for what is needed on the way. */
  database: string;
  folder: string;
}

/**
 * Replays an order history and prints what became of it.
 *
 * @returns the exit code: 0 when the books balance, 1 when they do not, 2 when rows were left out with `strict`.
 * @throws Error in one line when a file is missing or the mapping or the header is wrong.
 */
export async function replayHistory(wish: ReplayWish): Promise<number> {
  const mapping = await readMapping(wish.mapping);
  const source = await openText(wish.orders);
  const figures = figuresOf(mapping.program);
  const leftOut = new LeftOut(wish.report);
  const shelf = new OrderShelf(wish.folder);
  try {
    console.log(`${mapping.program.name} on ${wish.orders}`);
    console.log(`  ${describeProgram(mapping.program, figures)}`);
    console.log(`  ${describeSpending(mapping.program, figures)}\n`);
    const bar = progressBar('Reading  ', source.size);
    const since = performance.now();
    const rows = await shelveRows(source, mapping, shelf, leftOut, bar).finally(() => bar.stop());
    const shelved = shelf.complete();
    const took = ((performance.now() - since) / 1000).toFixed(1);
    console.log(`Read     ${describeRead(rows, shelved, figures)} (${took} s)`);
    const balanced = await replayShelf(wish, { mapping, shelf, leftOut, figures }, shelved);
    printLeftOut(leftOut, rows, figures, wish.report);
    if (!balanced) return 1;
    return wish.strict && leftOut.total > 0 ? 2 : 0;
  } finally {
    leftOut.close();
    shelf.close();
  }
}

type Shelved = ReturnType<OrderShelf['complete']>;

function describeRead(
  rows: number,
  { orders, returns, customers, from, to }: Shelved,
  { points, date }: Figures,
): string {
  const found = `${points(rows)} rows: ${points(orders)} orders and ${points(returns)} returns`;
  return customers === 0 ? found : `${found} of ${points(customers)} customers, ${date(from)} to ${date(to)}`;
}

interface Shelf {
  mapping: Mapping;
  shelf: OrderShelf;
  leftOut: LeftOut;
  figures: Figures;
}

async function replayShelf({ database }: ReplayWish, on: Shelf, shelved: Shelved): Promise<boolean> {
  const { mapping, figures } = on;
  const clock = stopClock();
  clock.set(shelved.from ?? 0);
  const store = openSqliteStore({ file: database });
  const loyalty = createLoyalty({ store, clock });
  const bar = progressBar('Replaying', shelved.orders + shelved.returns);
  try {
    const { effectiveFrom, ...program } = mapping.program;
    const from = effectiveFrom ?? clock.now();
    const version = await loyalty.programs.publish({ ...program, effectiveFrom: new Date(from) });
    const tally = new Tally(version);
    const since = performance.now();
    await replayOrders({ ...on, loyalty, clock, tally, bar });
    const seconds = (performance.now() - since) / 1000;
    bar.stop();
    const books = await closeBooks(loyalty, store, tally, version);
    printBooks({ tally, books, seconds, figures });
    return books.verification.ok && books.differences.length === 0;
  } finally {
    bar.stop();
    await loyalty.close();
  }
}
