import { it } from 'vitest';
import { raceForBalance } from './race-for-balance.test-data.ts';

it('of two processes that redeem one balance exactly one wins, 50 rounds', () => raceForBalance(50), 60_000);
