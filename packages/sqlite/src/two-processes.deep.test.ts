import { it } from 'vitest';
import { raceForBalance } from './race-for-balance.test-data.ts';

it('of two processes that redeem one balance exactly one wins, 1,000 rounds', () => raceForBalance(1000));
