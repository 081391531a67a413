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

test('the cards end with the statement and clean books', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await demo('--cards');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.match(/^\d+ {2}/gm)).toHaveLength(11);
  // Card numbers and voucher codes are random.
  const steady = stdout.replace(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g, 'XXXX-XXXX-XXXX');
  expect(steady).toMatchInlineSnapshot(`
    "Malabar Coffee House: one card, three locations, in eleven steps

    1  The company opens its books
       Locations: Bandra (Asia/Kolkata), Indiranagar (Asia/Kolkata), Dubai Airport (Asia/Dubai).
       10 stamps are a coffee: one every 30 minutes, at most 3 a day.
       1 point for every ₹10.00; 50 for joining; all end after 6 months without a visit.

    2  Asha gets a PIN
       6 random digits, shown to her once. Only a hash of them is kept.

    3  Meera enrols at Bandra
       Card XXXX-XXXX-XXXX, with 50 points to begin with.
       Enrolled once more in Dubai: the same card, still 50 points.

    4  Her QR code is scanned, and Asha confirms the first stamp
       A mistyped PIN: PIN_WRONG, 4 tries are left.
       The right one: 1 stamp, 9 to go. The coffee earned 24 points.

    5  Ten minutes later she asks for another stamp
       COOLDOWN_ACTIVE: 20 minutes to wait, until 09:30.

    6  The tenth stamp
       9 more visits, 3 at Bandra, 3 at Indiranagar, 3 at Dubai Airport.
       9 Mar 2026: 10 stamps, 1 reward ready, and 290 points.

    7  The reward
       10 stamps become voucher XXXX-XXXX-XXXX, good until 8 May 2026.
       Handed out at Dubai Airport: A coffee of your choice. The same code at Bandra: VOUCHER_USED.

    8  An order is returned
       ₹240.00 and 24 points go back, 1 stamp is voided: 0 left.

    9  The nightly job warns
       20 Aug 2026: a message to meera: 290 points end on 16 Sept 2026.
       The night after: 0 messages. A deadline is told once.

    10  Meera does not come
       17 Sept 2026: 290 points ended, by inactivity.

    11  The owner looks back
       Bandra: 4 stamps and 146 points given
       Dubai Airport: 3 stamps and 72 points given
       Indiranagar: 4 stamps and 96 points given

                                                       points stamps balance
                     Opening balance                                     242
         2 Mar 2026  Earned CUP-9        Bandra           +24            266
         2 Mar 2026  Stamped CUP-9       Bandra                   +1     266
         9 Mar 2026  Earned CUP-10       Indiranagar      +24            290
         9 Mar 2026  Stamped CUP-10      Indiranagar              +1     290
         9 Mar 2026  Reward              Bandra                  −10     290
        11 Mar 2026  Voucher used        Dubai Airport                   290
        16 Mar 2026  Earned CUP-11       Indiranagar      +24            314
        16 Mar 2026  Stamped CUP-11      Indiranagar              +1     314
        16 Mar 2026  Returned CUP-11     Indiranagar      −24            290
        16 Mar 2026  Stamp voided CUP-11 Indiranagar              −1     290
       16 Sept 2026  Expired                              −50            240
       16 Sept 2026  Expired                              −24            216
       16 Sept 2026  Expired                              −24            192
       16 Sept 2026  Expired                              −24            168
       16 Sept 2026  Expired                              −24            144
       16 Sept 2026  Expired                              −24            120
       16 Sept 2026  Expired                              −24             96
       16 Sept 2026  Expired                              −24             72
       16 Sept 2026  Expired                              −24             48
       16 Sept 2026  Expired                              −24             24
       16 Sept 2026  Expired                              −24              0
                     Closing balance                                       0

       verify: 38 entries of 1 card replayed; the books balance.
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
    demo('--cards', '--orders', sample),
  ]);
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1, 1]);
  const [missing, noMapping, unknown, alone, report, both] = runs.map(({ stderr }) => stderr);
  expect(missing).toBe('Error: cannot read nowhere.csv: no such file\n');
  expect(noMapping).toBe('Error: cannot read the mapping nowhere.json: no such file\n');
  expect(unknown).toMatch(/^Error: Unknown option '--order'.*\n$/);
  expect(alone).toBe('Error: --strict goes with --orders FILE; see --help\n');
  expect(report).toMatch(/^Error: cannot write the report .*\n$/);
  expect(both).toBe('Error: --cards and --orders are two demos; give one of them\n');
});

test('--help says what there is', { timeout: 30_000 }, async () => {
  const { code, stdout } = await demo('--help');
  expect(code).toBe(0);
  for (const flag of ['--cards', '--orders', '--mapping', '--report', '--strict', '--db'])
    expect(stdout).toContain(flag);
});
