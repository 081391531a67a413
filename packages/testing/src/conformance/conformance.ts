import { batchFacts } from './batch-facts.ts';
import { bigCardFacts } from './big-card-facts.ts';
import { checkoutFacts } from './checkout-facts.ts';
import { correctionFacts } from './correction-facts.ts';
import { earningFacts } from './earning-facts.ts';
import { expiryFacts } from './expiry-facts.ts';
import type { Facts } from './fact.ts';
import { holdFacts } from './hold-facts.ts';
import { idempotencyFacts } from './idempotency-facts.ts';
import { inactivityFacts } from './inactivity-facts.ts';
import { memberFacts } from './member-facts.ts';
import { precisionFacts } from './precision-facts.ts';
import { programFacts } from './program-facts.ts';
import { raceFacts } from './race-facts.ts';
import { redeemingFacts } from './redeeming-facts.ts';
import { refundFacts } from './refund-facts.ts';
import { shortfallFacts } from './shortfall-facts.ts';
import { splitRefundFacts } from './split-refund-facts.ts';
import { statementFacts } from './statement-facts.ts';
import { timeFacts } from './time-facts.ts';

/** Every fact that a store must keep, by topic. */
export const conformance: Readonly<Record<string, Facts>> = {
  programs: programFacts,
  members: memberFacts,
  earning: earningFacts,
  redeeming: redeemingFacts,
  holds: holdFacts,
  checkout: checkoutFacts,
  refunds: refundFacts,
  'refunds in parts': splitRefundFacts,
  'refunds of points already spent': shortfallFacts,
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
