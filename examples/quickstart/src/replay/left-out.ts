import { closeSync, openSync, writeSync } from 'node:fs';

/** The ways a row is left out: it cannot be read, it is nobody's, or it is a return of nothing that is known. */
export const reasonsToLeaveOut = ['broken', 'no-customer', 'unmatched-return'] as const;
export type WhyLeftOut = (typeof reasonsToLeaveOut)[number];

export interface LeftOutRow {
  line: number;
  why: WhyLeftOut;
  reason: string;
  orderId?: string;
  customerId?: string;
}

/** How many of each are kept for the terminal; the report has all. */
const listed = 20;
const reportChunk = 1 << 16;

/** Counts the rows that were left out, keeps the first twenty of each way by line, and writes all to the report. */
export class LeftOut {
  readonly counts: Record<WhyLeftOut, number> = { broken: 0, 'no-customer': 0, 'unmatched-return': 0 };
  private readonly first: Record<WhyLeftOut, LeftOutRow[]> = {
    broken: [],
    'no-customer': [],
    'unmatched-return': [],
  };
  private readonly report: number | null;
  private waiting = 'line,why,order_id,customer_id,reason\n';

  /** @throws Error in one line when the report cannot be written. */
  constructor(reportFile: string | undefined) {
    try {
      this.report = reportFile === undefined ? null : openSync(reportFile, 'w');
    } catch (error) {
      throw new Error(`cannot write the report ${reportFile}: ${(error as Error).message}`);
    }
  }

  add(row: LeftOutRow): void {
    this.counts[row.why] += 1;
    const first = this.first[row.why];
    if (first.length < listed || row.line < (first.at(-1)?.line ?? 0)) {
      first.push(row);
      first.sort((a, b) => a.line - b.line);
      first.length = Math.min(first.length, listed);
    }
    if (this.report === null) return;
    const cells = [row.line, row.why, row.orderId ?? '', row.customerId ?? '', row.reason];
    this.waiting += `${cells.map(csvCell).join(',')}\n`;
    if (this.waiting.length >= reportChunk) this.flush();
  }

  /** The rows listed for one way, by line. */
  firstOf(why: WhyLeftOut): readonly LeftOutRow[] {
    return this.first[why];
  }

  get total(): number {
    return reasonsToLeaveOut.reduce((sum, why) => sum + this.counts[why], 0);
  }

  close(): void {
    if (this.report === null) return;
    this.flush();
    closeSync(this.report);
  }

  private flush(): void {
    if (this.report !== null) writeSync(this.report, this.waiting);
    this.waiting = '';
  }
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
