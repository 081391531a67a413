import { parseArgs } from 'node:util';

export const usage = `npm run demo                                   the Cathay Shop's points in eight steps
npm run demo -- --cards                        a company's cards, stamps and staff PINs in eleven steps
npm run demo -- --orders FILE[.gz] [options]   replays an order history through the engine

  --mapping FILE   JSON that names the columns, the date format, how returns are told and the program;
                   see examples/quickstart/mappings and examples/quickstart/README.md
  --report FILE    writes every row that was left out, with its line and why, as CSV
  --strict         exit code 2 when a row was left out
  --db FILE        keeps the loyalty database (a new SQLite file); otherwise it is temporary
  --help           this page

Exit codes: 0 the books balance, 1 they do not or something failed, 2 rows were left out with --strict.`;

/** What the person at the terminal asked for. */
export interface Wish {
  help: boolean;
  cards: boolean;
  strict: boolean;
  orders: string | undefined;
  mapping: string | undefined;
  report: string | undefined;
  db: string | undefined;
}

/** @throws Error in one line, for a flag that is unknown, lacks its value or makes no sense beside the others. */
export function parseCommandLine(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string' },
      mapping: { type: 'string' },
      report: { type: 'string' },
      db: { type: 'string' },
      cards: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { orders, mapping, report, db, cards, strict, help } = values;
  for (const [name, value] of Object.entries({ orders, mapping, report, db })) {
    if (value === '') throw new Error(`--${name} needs the name of a file`);
  }
  if (cards && orders !== undefined) throw new Error('--cards and --orders are two demos; give one of them');
  if (orders === undefined && !help) {
    for (const [name, given] of Object.entries({ mapping, report, strict })) {
      if (given) throw new Error(`--${name} goes with --orders FILE; see --help`);
    }
  }
  return { help, cards, strict, orders, mapping, report, db };
}
