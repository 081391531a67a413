import { testLoyaltyStore } from '@loyalty-engine/testing';
import { openFresh } from '../test/open-fresh.ts';

await testLoyaltyStore('PostgreSQL', openFresh);
