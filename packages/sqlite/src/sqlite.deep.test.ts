import { compareWithMemory } from '@loyalty-engine/testing';
import { it } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';

const runs = 10_000;

it(`gives the outcomes of the memory store for ${runs} random command sequences`, async () => {
  await compareWithMemory(() => ({ store: openSqliteStore({ file: ':memory:' }) }), { runs });
}, 3_600_000);
