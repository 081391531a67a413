import { batchFacts } from './batches.ts';
import { bigCardFacts } from './big-cards.ts';
import { correctionFacts } from './corrections.ts';
import { earningFacts } from './earning.ts';
import { expiryFacts, inactivityFacts } from './expiry.ts';
import type { Facts } from './fact.ts';
import { checkoutFacts, holdFacts } from './holds.ts';
import { idempotencyFacts } from './idempotency.ts';
import { memberFacts } from './members.ts';
import { precisionFacts } from './precision.ts';
import { programFacts } from './programs.ts';
import { raceFacts } from './races.ts';
import { redeemingFacts } from './redeeming.ts';
import { refundFacts } from './refunds.ts';
import { statementFacts } from './statements.ts';
import { timeFacts } from './time.ts';

/** Every fact that a store must keep, by topic. */
export const conformance: Readonly<Record<string, Facts>> = {
  programs: programFacts,
  members: memberFacts,
  earning: earningFacts,
  redeeming: redeemingFacts,
  holds: holdFacts,
  checkout: checkoutFacts,
  refunds: refundFacts,
  corrections: correctionFacts,
  expiry: expiryFacts,
  inactivity: inactivityFacts,
  time: timeFacts,
  statements: statementFacts,
  idempotency: idempotencyFacts,
  batches: batchFacts,
  races: raceFacts,
  precision: precisionFacts,
  'big cards': bigCardFacts,
};
