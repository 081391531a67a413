import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { replayHistory } from './replay-history.ts';

export interface ReplayResult {
  code: number;
  /** All that was printed. */
  output: string;
  /** The lines of the report, the header not among them. */
  report: string[];
}

/** Replays a text of orders with a mapping, and hands back what was printed and reported. */
export async function replayInTest(
  orders: string | Buffer,
  {
    mapping,
    strict = false,
    name = 'orders.csv',
  }: { mapping?: unknown; strict?: boolean; name?: string } = {},
): Promise<ReplayResult> {
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-test-'));
  const at = (file: string) => join(folder, file);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    writeFileSync(at(name), orders);
    if (mapping !== undefined) {
      writeFileSync(at('mapping.json'), typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
    }
    const code = await replayHistory({
      orders: at(name),
      mapping: mapping === undefined ? undefined : at('mapping.json'),
      report: at('report.csv'),
      strict,
      database: at('loyalty.sqlite'),
      folder,
    });
    const output = log.mock.calls.map((args) => args.join(' ')).join('\n');
    const report = readFileSync(at('report.csv'), 'utf8').trimEnd().split('\n').slice(1);
    return { code, output, report };
  } finally {
    log.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
}
