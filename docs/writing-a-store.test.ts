import { compareWithMemory } from '@loyalty-engine/testing';
import { it } from 'vitest';
import { exampleStore } from './check/example-store.ts';

it('the example store gives the outcomes of the memory store', async () => {
  await compareWithMemory(await exampleStore(), { runs: 15 });
});
