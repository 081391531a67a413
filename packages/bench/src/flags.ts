import { parseArgs } from 'node:util';

export const sectionNames = [
  'rules',
  'store',
  'memory',
  'reads',
  'expiry',
  'scale',
  'statistics',
  'http',
  'search',
] as const;
export type SectionName = (typeof sectionNames)[number];
export const storeNames = ['sqlite', 'postgres'] as const;
export type StoreName = (typeof storeNames)[number];

const usage = `npm run bench -- [--only ${sectionNames.join('|')}] [--store ${storeNames.join('|')}] [--dir PATH]
    [--seconds N] [--rounds N] [--cards N] [--callers 1,16,256] [--commands N] [--scale [--factor N]] [--lots N]

  --dir       where databases are made, on a real disk (default: this folder)
  --seconds   measuring time of each contender in each cell, and of each rule and reading (default 6; 12 for http)
  --rounds    turns that a cell's seconds are shared out over (default 3)
  --cards     enrolled cards (default 20000; 100000 for statistics)
  --callers   how many callers send at once, a cell each (default 1,16,256)
  --commands  how many the memory section settles (default 1000000)
  --lots      how many the expiry section sweeps (default 1000000)
  --scale     fills PostgreSQL with a million cards and measures again
  --factor    of that million (default 1)`;

export interface Flags {
  sections: readonly SectionName[];
  store: StoreName;
  /** Those that the http and search sections measure: the one that is named, or both. */
  shopStores: readonly StoreName[];
  directory: string;
  seconds: number;
  rounds: number;
  cards: number;
  callers: number[];
  commands: number;
  lots: number;
  factor: number;
}

/** The flags of a command line. Ends the process with the usage where they make no sense. */
export function readFlags(args: readonly string[]): Flags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        store: { type: 'string' },
        dir: { type: 'string', default: process.cwd() },
        seconds: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        cards: { type: 'string' },
        callers: { type: 'string', default: '1,16,256' },
        commands: { type: 'string', default: '1000000' },
        lots: { type: 'string', default: '1000000' },
        scale: { type: 'boolean', default: false },
        factor: { type: 'string', default: '1' },
      },
    });
    // Only PostgreSQL is filled that far.
    const store = oneOf(
      'store',
      storeNames,
      values.store ?? (values.scale || values.only === 'statistics' ? 'postgres' : 'sqlite'),
    );
    return {
      sections: sectionsOf(values.only, values.scale, store),
      store,
      shopStores: values.store === undefined ? storeNames : [store],
      directory: values.dir,
      seconds: positive('seconds', values.seconds ?? (values.only === 'http' ? '12' : '6')),
      rounds: count('rounds', values.rounds),
      cards: count('cards', values.cards ?? (values.only === 'statistics' ? '100000' : '20000')),
      callers: values.callers.split(',').map((callers) => count('callers', callers)),
      commands: count('commands', values.commands),
      lots: count('lots', values.lots),
      factor: positive('factor', values.factor),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

/** Everything that says something about the store, but for the long ones, unless they are named. */
function sectionsOf(only: string | undefined, scale: boolean, store: StoreName): readonly SectionName[] {
  if (only !== undefined) return [oneOf('only', sectionNames, only)];
  if (scale) return ['scale'];
  return store === 'sqlite' ? ['rules', 'store', 'memory', 'reads'] : ['store', 'memory', 'reads', 'expiry'];
}

function oneOf<Name extends string>(flag: string, names: readonly Name[], given: string): Name {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new Error(`--${flag}: expected ${names.join(' or ')}, not ${given}`);
  return found;
}

function positive(flag: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${flag}: expected a number above zero, not ${text}`);
  return number;
}

function count(flag: string, text: string): number {
  const number = positive(flag, text);
  if (!Number.isInteger(number)) throw new Error(`--${flag}: expected a whole number, not ${text}`);
  return number;
}
