import type { Accepted } from '@loyalty-engine/core';
import fc from 'fast-check';
import { differences } from '../differences.ts';
import { memoryStore } from '../memory-store.ts';
import type { OpenStore } from '../open-store.ts';
import type { Books } from './check-books.ts';
import { OrderTotals } from './order-totals.ts';
import { planStep } from './plan-step.ts';
import type { Planned, PlannedCommand } from './planned.ts';
import { randomSequence } from './random-sequence.ts';
import { checkFigures, type Figures } from './read-figures.ts';
import type { Sequence } from './sequence.ts';
import { type Answer, SequenceRun } from './sequence-run.ts';

export interface CompareOptions {
  /** How many random sequences. */
  runs: number;
  /** What makes the sequences; a failure names its own, to run it again. Default: other ones each time. */
  seed?: number;
}

const customers = [0, 1];
/** Sequences that are under way at once: while one waits for its store, another goes on. */
const lanes = 4;

/**
 * Runs random command sequences on a store and on the memory store, with the same clock and ids: every outcome must be
 * the same, every invariant of the ledger must hold after every step, and the sequence in batches, all commands of one
 * instant at once, must end as it does one by one. Without a seed four sequences run side by side, each on stores of its
 * own.
 *
 * @throws Error with the smallest sequence that fails, and the seed that finds it again.
 * @example
 * await compareWithMemory(() => ({ store: memoryStore() }), { runs: 300 })
 */
export async function compareWithMemory(open: OpenStore, { runs, seed }: CompareOptions): Promise<void> {
  const property = fc.asyncProperty(randomSequence, (sequence) => runSequence(sequence, open));
  if (seed !== undefined) return fc.assert(property, { numRuns: runs, seed });
  const shares = Array.from({ length: lanes }, (_, lane) => Math.floor((runs + lane) / lanes));
  await Promise.all(shares.filter(Boolean).map((numRuns) => fc.assert(property, { numRuns })));
}

/** A step as the memory store did it. */
interface Done {
  planned: Planned;
  answer: Answer;
  /** The books of everyone the step can have touched, after it. */
  books: Map<number, Books>;
}

/** Runs one sequence on memory and on a store of `open`. @throws Error where they differ or an invariant breaks. */
export async function runSequence(sequence: Sequence, open: OpenStore): Promise<void> {
  const { done, figures } = await runOnMemory(sequence);
  const compareFigures = async (run: SequenceRun, where: string) =>
    demand(await naming(where, () => run.figures()), figures, `${where}: the figures differ from memory's`);
  await onFreshStore(open, async (run) => {
    for (const [index, { planned, answer, books }] of done.entries()) {
      const [answered] = await naming(`step ${index + 1}, ${planned.kind}`, () => run.perform([planned]));
      demand(answered, answer, `step ${index + 1}, ${nameOf(planned)}, answers otherwise than memory`);
      await compareBooks(run, books, `after step ${index + 1}, ${nameOf(planned)}`);
    }
    await compareFigures(run, 'in the end');
  });
  await onFreshStore(open, async (run) => {
    await runInBatches(run, done);
    await compareFigures(run, 'in the end of all batches');
  });
}

async function runOnMemory(sequence: Sequence): Promise<{ done: Done[]; figures: Figures }> {
  const run = new SequenceRun({ store: memoryStore() });
  const done: Done[] = [];
  const totals = new OrderTotals();
  const first = { ...sequence.versions[0], effectiveFrom: new Date('2025-01-01T00:00:00Z') };
  const steps: (() => Planned)[] = [
    () => ({ kind: 'publish', program: first }),
    () => ({ kind: 'found', settings: sequence.settings, rewards: sequence.rewards }),
    ...sequence.steps.map((step) => () => {
      const planned = done.map((one) => one.planned);
      const progress = {
        now: run.clock.now(),
        holds: run.holds,
        orders: run.orders,
        reversible: run.reversible,
        stamped: run.stamped,
        vouchers: run.vouchers,
        cards: new Set(run.cards.keys()),
        planned,
      };
      return planStep(step, sequence, progress);
    }),
    // So that what has ended is written, and figures over all time must add up.
    () => ({ kind: 'expire', limit: null }),
  ];
  for (const plan of steps) {
    const planned = plan();
    const where = `step ${done.length + 1}, ${nameOf(planned)}, on memory`;
    const before = planned.kind === 'expire' ? await naming(where, () => booksOf(run, customers)) : null;
    const [answer] = await naming(where, () => run.perform([planned]));
    if (!answer) throw new Error(`${where}: no answer`);
    const books = await naming(where, () => booksOf(run, touchedBy(planned, run)));
    if (planned.kind === 'command') {
      checkOutcome(answer, books, where);
      await naming(where, async () => totals.count(planned, answer));
    }
    if (before) checkExpiry(before, books, where);
    done.push({ planned, answer, books });
  }
  const figures = await naming('in the end, on memory', () => run.figures());
  checkFigures(figures, run.redeemed);
  return { done, figures };
}

/** An accepted outcome says the balance that a reading says right after it. */
function checkOutcome(answer: Answer, all: ReadonlyMap<number, Books>, where: string): void {
  if (!('answered' in answer)) return;
  const { ok, replayed, cardId, balance } = answer.answered as Partial<Accepted<object>>;
  // The command may have gone to another card than the customer's own: theirs was merged, or named by its id.
  const books = [...all.values()].find(({ card }) => card?.cardId === cardId);
  if (!ok || replayed || !balance || !books) return;
  const { nextExpiry: _next, ...figures } = books.balance;
  demand(balance, figures, `${where}: the outcome says another balance than a reading`);
}

/** The job writes what statements projected, and changes no balance but what has expired so far. */
function checkExpiry(before: Map<number, Books>, after: Map<number, Books>, where: string): void {
  const asWritten = ({ balance: { lifetime: _lifetime, ...balance }, entries }: Books) => ({
    balance,
    entries: entries.map((entry) => ({ ...entry, projected: false })),
  });
  for (const [customer, books] of before) {
    const now = after.get(customer);
    if (now)
      demand(asWritten(now), asWritten(books), `${where}: the job changed what could be seen before it`);
  }
}

/** The same commands, all that stand next to each other at one instant sent at once. */
async function runInBatches(run: SequenceRun, done: readonly Done[]): Promise<void> {
  let from = 0;
  while (from < done.length) {
    const batch = batchFrom(done, from, run);
    const where = `steps ${from + 1} to ${from + batch.length} in one batch`;
    const answers = await naming(where, () => run.perform(batch.map(({ planned }) => planned)));
    const last = new Map<number, Books>();
    for (const [index, { answer, books, planned }] of batch.entries()) {
      demand(
        answers[index],
        answer,
        `${where}: step ${from + index + 1}, ${nameOf(planned)}, answers otherwise`,
      );
      for (const [customer, its] of books) last.set(customer, its);
    }
    await compareBooks(run, last, where);
    from += batch.length;
  }
}

/** Commands as far as they need nothing that is made on the way; anything else goes alone. */
function batchFrom(done: readonly Done[], from: number, run: SequenceRun): Done[] {
  const batch: Done[] = [];
  for (const one of done.slice(from)) {
    const { planned } = one;
    if (planned.kind !== 'command' || goesAlone(planned, run)) return batch.length === 0 ? [one] : batch;
    const needsHold = planned.hold !== null && planned.hold >= run.holds.length;
    const needsVoucher = planned.voucher !== null && planned.voucher >= run.vouchers.length;
    const needsCard = planned.byCardId && !run.cards.has(planned.customer);
    if (needsHold || needsVoucher || needsCard) return batch;
    batch.push(one);
  }
  return batch;
}

/** What is settled in a second turn, or makes others so, comes after all that it was sent with. */
function goesAlone({ name, customer }: PlannedCommand, { merged }: SequenceRun): boolean {
  return name === 'quote' || name === 'cards.merge' || name === 'cards.anonymise' || merged.has(customer);
}

function touchedBy(planned: Planned, { merged }: SequenceRun): number[] {
  if (planned.kind === 'nothing') return [];
  if (merged.size > 0) return customers;
  return planned.kind === 'command' || planned.kind === 'statement' ? [planned.customer] : customers;
}

async function booksOf(run: SequenceRun, whose: readonly number[]): Promise<Map<number, Books>> {
  const books = new Map<number, Books>();
  for (const customer of whose) books.set(customer, await run.books(customer));
  return books;
}

async function compareBooks(run: SequenceRun, expected: Map<number, Books>, where: string): Promise<void> {
  for (const [customer, books] of expected) {
    const own = await naming(where, () => run.books(customer));
    demand(own, books, `${where}: the books of customer ${customer} differ from memory's`);
  }
}

async function onFreshStore(open: OpenStore, prove: (run: SequenceRun) => Promise<void>): Promise<void> {
  const opened = await open();
  try {
    await prove(new SequenceRun(opened));
  } finally {
    await opened.store.close();
    await opened.remove?.();
  }
}

function nameOf(planned: Planned): string {
  return planned.kind === 'command' ? planned.name : planned.kind;
}

async function naming<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function demand(actual: unknown, expected: unknown, otherwise: string): void {
  const found = differences(actual, expected);
  if (found.length > 0) throw new Error(`${otherwise}:\n  ${found.join('\n  ')}`);
}
