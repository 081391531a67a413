import { compareWithMemory } from '@loyalty-engine/testing';
import { it } from 'vitest';
import { openFresh } from '../test/open-fresh.ts';

const runs = 10_000;

it(`gives the outcomes of the memory store for ${runs} random command sequences`, async () => {
  await compareWithMemory(openFresh, { runs });
}, 3_600_000);
