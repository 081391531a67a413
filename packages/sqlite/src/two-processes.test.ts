import { it } from 'vitest';
import { guessFromTwoProcesses } from '../../testing/test/guess-pins.ts';
import { startWorker } from '../../testing/test/worker-process.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { raceForBalance } from './race-for-balance.test-data.ts';
import { temporaryFile } from './temporary-file.test-data.ts';

it('of two processes that redeem one balance exactly one wins, 50 rounds', () => raceForBalance(50), 60_000);

it('of 1,000 wrong PINs from two processes five are looked at', async () => {
  const file = temporaryFile();
  const store = openSqliteStore({ file });
  const script = new URL('guess-pins.worker.ts', import.meta.url);
  await guessFromTwoProcesses(store, () => startWorker(script, file));
  await store.close();
}, 60_000);
