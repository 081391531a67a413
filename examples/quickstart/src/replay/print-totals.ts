import { styleText } from 'node:util';
import type { Figures } from '../figures.ts';
import type { ClosedBooks } from './close-books.ts';
import { type LeftOut, type LeftOutRow, reasonsToLeaveOut, type WhyLeftOut } from './left-out.ts';
import type { Tally } from './tally.ts';

interface Totals {
  tally: Tally;
  books: ClosedBooks;
  seconds: number;
  figures: Figures;
}

/** Prints what became of the points, whether the books balance, and how fast it went. */
export function printBooks({ tally, books, seconds, figures }: Totals): void {
  const { points } = tally;
  const { money, signed } = figures;
  const speed = figures.points(Math.round(tally.commands / seconds));
  const memory = figures.points(Math.round(process.resourceUsage().maxRSS / 1024));
  console.log(
    `Replayed ${figures.points(tally.commands)} commands in ${seconds.toFixed(1)} s: ${speed} a second, ${memory} MB of memory at most\n`,
  );
  const lines: [string, string, string][] = [
    ['Earned', signed(points.earn + points.welcome), `on orders of ${money(tally.ordered)}`],
    ['Spent', signed(points.redeem), `paid ${money(tally.paidWithPoints)} of orders`],
    ['Given back', signed(points.restore), 'had been spent on what came back'],
    [
      'Clawed back',
      signed(points['claw-back']),
      `on returns, which brought ${money(tally.moneyBack)} back in money`,
    ],
    ['Expired', signed(points.expire), ''],
    ['Owed', signed(books.debt), 'by customers who had spent the points of what they returned'],
    ['Outstanding', figures.points(books.outstanding), `a liability of ${money(books.liability)}`],
  ];
  printTable(lines.filter(([name, figure]) => figure !== '0' || !onlyWithReturns.has(name)));
  printVerification(books, figures);
}

// Of no use where nothing came back.
const onlyWithReturns = new Set(['Given back', 'Owed']);

function printTable(lines: readonly [string, string, string][]): void {
  const width = Math.max(...lines.map(([, figure]) => figure.length));
  for (const [name, figure, note] of lines) {
    const line = `  ${name.padEnd(12)} ${figure.padStart(width)}`;
    console.log(
      name === 'Outstanding'
        ? `${bold(line)}  ${note}`
        : `${line}  ${figure === '0' ? '' : dim(note)}`.trimEnd(),
    );
  }
}

function printVerification({ verification, differences }: ClosedBooks, { points }: Figures): void {
  const { ok, cards, entries, problems } = verification;
  if (ok && differences.length === 0) {
    console.log(
      `\nverify: ${points(entries)} entries of ${points(cards)} ${cards === 1 ? 'card' : 'cards'} replayed; the books balance.`,
    );
    return;
  }
  const found = [
    ...differences,
    ...problems.map(({ cardId, problem }) => (cardId === null ? problem : `card ${cardId}: ${problem}`)),
  ];
  console.log(`\nverify: THE BOOKS DO NOT BALANCE: ${points(found.length)} problems`);
  for (const problem of found.slice(0, 20)) console.log(`  ${problem}`);
}

const headings: Record<WhyLeftOut, [one: string, many: string]> = {
  broken: ['broken row', 'broken rows'],
  'no-customer': ['row without a customer', 'rows without a customer'],
  'unmatched-return': ['row of a return that matches nothing', 'rows of returns that match nothing'],
};

/** Prints how many rows were left out in each way, and the first twenty of each by line. */
export function printLeftOut(
  leftOut: LeftOut,
  rows: number,
  { points }: Figures,
  reportFile: string | undefined,
): void {
  if (leftOut.total === 0) {
    console.log('Nothing was left out.');
    return;
  }
  const where = reportFile === undefined ? 'all of them with --report FILE' : `all of them in ${reportFile}`;
  console.log(`\nLeft out ${points(leftOut.total)} of ${points(rows)} rows, ${where}`);
  for (const why of reasonsToLeaveOut) {
    const count = leftOut.counts[why];
    if (count === 0) continue;
    const first = leftOut.firstOf(why);
    const shown = first.length < count ? `, the first ${first.length}` : '';
    console.log(`\n  ${bold(`${points(count)} ${headings[why][count === 1 ? 0 : 1]}`)}${shown}`);
    // Rows without a customer all say the same: their lines are enough.
    if (why === 'no-customer') console.log(`    line ${first.map(({ line }) => line).join(', ')}`);
    else for (const row of first) console.log(`    ${describeRow(row)}`);
  }
}

function describeRow({ line, orderId, reason }: LeftOutRow): string {
  const text = `${orderId ? `${orderId}: ` : ''}${reason}`;
  return `line ${String(line).padEnd(6)} ${text.replace(/\p{Cc}+/gu, ' ')}`;
}

function bold(text: string): string {
  return styleText('bold', text);
}

function dim(text: string): string {
  return styleText('dim', text);
}
