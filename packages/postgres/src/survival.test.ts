import { it } from 'vitest';
import { raceForBalance } from './race-for-balance.test-data.ts';
import { sendSameKeyAtOnce } from './same-key.test-data.ts';

it('of 1,000 who redeem one balance at once exactly one wins, 3 rounds', () => raceForBalance(3), 60_000);

it('a command sent 50 times at once under one key has one effect', () => sendSameKeyAtOnce(2), 60_000);
