import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { testLoyaltyStore } from '@loyalty-engine/testing';
import { openSqliteStore } from './open-sqlite-store.ts';

await testLoyaltyStore('SQLite', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'loyalty-')), 'loyalty.sqlite');
  return {
    store: openSqliteStore({ file }),
    second: () => openSqliteStore({ file }),
    remove: () => rmSync(dirname(file), { recursive: true }),
  };
});
