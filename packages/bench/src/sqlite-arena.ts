import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Changes, createLoyalty, type LoyaltyStore } from '@loyalty-engine/core';
import { openSqliteStore, type SqliteStore } from '@loyalty-engine/sqlite';
import Database from 'better-sqlite3';
// The ceiling runs the store's own statements, which no user of the package should.
import { prepareStatements, type Statements } from '../../sqlite/src/statements.ts';
import { writeChanges } from '../../sqlite/src/write-changes.ts';
import type { Arena } from './contender.ts';
import { engineContender } from './engine-contender.ts';
import { enrol } from './enrol.ts';
import { handWrittenSqlite } from './hand-written-sqlite.ts';
import { benchProgram } from './program.ts';

/** SQLite files in a directory of their own under `parent`. */
export function sqliteArena(parent: string): Arena {
  let directory = '';
  let ownTemplate = '';
  let handTemplate = '';
  let opened = 0;

  /** A copy that is on the disk already, so that nobody's commit pays for it. */
  const freshFile = (template: string): string => {
    opened += 1;
    const file = join(directory, `${opened}.sqlite`);
    copyFileSync(template, file);
    const descriptor = openSync(file, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
    return file;
  };
  const removing = <T extends { close(): Promise<void> }>(file: string, opening: T): T => ({
    ...opening,
    async close() {
      await opening.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    },
  });
  const openFresh = (): SqliteStore => {
    const file = freshFile(ownTemplate);
    return removing(file, openSqliteStore({ file }));
  };

  return {
    targets: { mixedToCeiling: 0.6, mixedToHand: 3, hotToSpread: 1, aloneToHand: 0.8 },
    describe: describeSqlite,
    async prepare(cards) {
      directory = mkdtempSync(join(parent, 'loyalty-bench-'));
      ownTemplate = join(directory, 'own.template');
      handTemplate = join(directory, 'hand.template');
      const store = openSqliteStore({ file: ownTemplate });
      store.database.pragma('synchronous = OFF');
      await createLoyalty({ store }).programs.publish(benchProgram);
      await enrol(engineContender(store), cards);
      await enrol(handWrittenSqlite(handTemplate, 'OFF'), cards);
    },
    store: async () => openFresh(),
    async scratchStore() {
      const store = openFresh();
      store.database.pragma('synchronous = OFF');
      return store;
    },
    async handWritten() {
      const file = freshFile(handTemplate);
      return removing(file, handWrittenSqlite(file, 'FULL'));
    },
    async ceiling(recorded) {
      const store = openFresh();
      const { database } = store;
      const statements = prepareStatements(database);
      const batches = recorded.map(writesOf);
      return {
        store: store satisfies LoyaltyStore,
        async write() {
          for (const batch of batches) {
            database.exec('BEGIN IMMEDIATE');
            for (const [name, values] of batch) statements[name].run(...values);
            database.exec('COMMIT');
          }
        },
      };
    },
    bytes: async () =>
      readdirSync(directory)
        .filter((name) => !name.endsWith('.template'))
        .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0),
    async close() {
      if (directory !== '') rmSync(directory, { recursive: true, force: true });
    },
  };
}

type Write = [name: 'insertEntry', values: unknown[]];

/** The statements that a batch runs, with their values, in order. */
function writesOf(changes: Changes): Write[] {
  const writes: Write[] = [];
  const recorder = new Proxy({} as Statements, {
    get: (_none, name) => ({ run: (...values: unknown[]) => writes.push([name as Write[0], values]) }),
  });
  writeChanges(recorder, changes);
  return writes;
}

function describeSqlite(): string {
  const database = new Database(':memory:');
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get();
  database.close();
  return `SQLite ${version} by better-sqlite3, WAL, synchronous=FULL, foreign_keys=ON, BEGIN IMMEDIATE, for all alike`;
}
