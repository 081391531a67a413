import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const sample = here('../samples/orders.csv');
const folder = mkdtempSync(join(tmpdir(), 'loyalty-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the demo as `npm run demo` does. */
function demo(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const command = [join(root, 'node_modules/.bin/tsx'), here('index.ts'), ...args];
    const child = execFile(process.execPath, command, { cwd: root }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

test('the eight steps end with the statement and clean books', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await demo();
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.match(/^\d /gm)).toHaveLength(8);
  expect(stdout.slice(stdout.indexOf('4  He'))).toMatchInlineSnapshot(`
    "4  He chooses points
       200 are there, 200 may be used; he takes 30, worth ₹30.00

    5  His card is charged the rest
       ₹1,269.00, approved as PAY-7781

    6  The points are deducted
       30 points spent on ORDER124, in the ledger

    7  The order earns
       126 points, 1 for every ₹10.00 of the ₹1,269.00 that he paid in money

    8  The admin sees it all
       4 Feb 2026; last night 20 points of ORDER123 ended unspent

                    Opening balance                   150
        3 Feb 2025  Earned ORDER123         +50       200
       14 Jun 2025  Used ORDER124           −30       170
       14 Jun 2025  Earned ORDER124        +126       296
        3 Feb 2026  Expired                 −20       276
                    Closing balance                   276

       Sachin has 276 points, worth ₹276.00.
       verify: 5 entries of 1 card replayed; the books balance.
    "
  `);
});

test('a replay exits with 0, with 2 for left-out rows under --strict, and keeps --db', {
  timeout: 30_000,
}, async () => {
  const db = join(folder, 'kept.sqlite');
  const [plain, strict, again] = [
    await demo('--orders', sample, '--db', db),
    await demo('--orders', sample, '--strict'),
    await demo('--orders', sample, '--db', db),
  ];
  expect([plain.code, strict.code, again.code]).toEqual([0, 2, 1]);
  expect(plain.stdout).toContain('the books balance');
  expect(existsSync(db)).toBe(true);
  expect(again.stderr).toBe(`Error: ${db} exists already; --db wants the name of a new file\n`);
});

test('an error is one clear line and exit code 1', { timeout: 30_000 }, async () => {
  const runs = await Promise.all([
    demo('--orders', 'nowhere.csv'),
    demo('--orders', sample, '--mapping', 'nowhere.json'),
    demo('--order', sample),
    demo('--strict'),
    demo('--orders', sample, '--report', join(folder, 'no/such/folder.csv')),
  ]);
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
  const [missing, noMapping, unknown, alone, report] = runs.map(({ stderr }) => stderr);
  expect(missing).toBe('Error: cannot read nowhere.csv: no such file\n');
  expect(noMapping).toBe('Error: cannot read the mapping nowhere.json: no such file\n');
  expect(unknown).toMatch(/^Error: Unknown option '--order'.*\n$/);
  expect(alone).toBe('Error: --strict goes with --orders FILE; see --help\n');
  expect(report).toMatch(/^Error: cannot write the report .*\n$/);
});

test('--help says what there is', { timeout: 30_000 }, async () => {
  const { code, stdout } = await demo('--help');
  expect(code).toBe(0);
  for (const flag of ['--orders', '--mapping', '--report', '--strict', '--db'])
    expect(stdout).toContain(flag);
});
