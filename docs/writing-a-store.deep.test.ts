import { testLoyaltyStore } from '@loyalty-engine/testing';
import { exampleStore } from './check/example-store.ts';

await testLoyaltyStore('the example store', await exampleStore());
