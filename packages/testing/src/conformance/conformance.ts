import { anonymousFacts } from './anonymous-facts.ts';
import { batchFacts } from './batch-facts.ts';
import { bigCardFacts } from './big-card-facts.ts';
import { cardFacts } from './card-facts.ts';
import { cardLifeFacts } from './card-life-facts.ts';
import { cardListFacts } from './card-list-facts.ts';
import { checkoutFacts } from './checkout-facts.ts';
import { companyRaceFacts } from './company-race-facts.ts';
import { correctionFacts } from './correction-facts.ts';
import { earningFacts } from './earning-facts.ts';
import { entryListFacts } from './entry-list-facts.ts';
import { expiryFacts } from './expiry-facts.ts';
import type { Facts } from './fact.ts';
import { forgettingFacts } from './forgetting-facts.ts';
import { holdFacts } from './hold-facts.ts';
import { idempotencyFacts } from './idempotency-facts.ts';
import { inactivityFacts } from './inactivity-facts.ts';
import { memberFacts } from './member-facts.ts';
import { merchantFacts } from './merchant-facts.ts';
import { mergeFacts } from './merge-facts.ts';
import { mergedCardFacts } from './merged-card-facts.ts';
import { nameFacts } from './name-facts.ts';
import { orderFacts } from './order-facts.ts';
import { pinFacts } from './pin-facts.ts';
import { precisionFacts } from './precision-facts.ts';
import { programFacts } from './program-facts.ts';
import { raceFacts } from './race-facts.ts';
import { redeemingFacts } from './redeeming-facts.ts';
import { refundFacts } from './refund-facts.ts';
import { requestFacts } from './request-facts.ts';
import { rewardFacts } from './reward-facts.ts';
import { settingsFacts } from './settings-facts.ts';
import { shortfallFacts } from './shortfall-facts.ts';
import { splitRefundFacts } from './split-refund-facts.ts';
import { staffFacts } from './staff-facts.ts';
import { stampCardFacts } from './stamp-card-facts.ts';
import { stampFacts } from './stamp-facts.ts';
import { statementFacts } from './statement-facts.ts';
import { statisticsFacts } from './statistics-facts.ts';
import { timeFacts } from './time-facts.ts';
import { voucherFacts } from './voucher-facts.ts';
import { voucherReadingFacts } from './voucher-reading-facts.ts';
import { warningFacts } from './warning-facts.ts';

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
  cards: cardFacts,
  'lists of cards': cardListFacts,
  'lists of entries': entryListFacts,
  stamps: stampFacts,
  'stamp cards': stampCardFacts,
  rewards: rewardFacts,
  'vouchers that are read': voucherReadingFacts,
  merges: mergeFacts,
  'forgotten customers': anonymousFacts,
  settings: settingsFacts,
  merchants: merchantFacts,
  staff: staffFacts,
  'counters that are forgotten': forgettingFacts,
  'requests that are carried out once': requestFacts,
  statistics: statisticsFacts,
  orders: orderFacts,
  'warnings of expiry': warningFacts,
  'races in a company': companyRaceFacts,
  'names that are taken': nameFacts,
  PINs: pinFacts,
  vouchers: voucherFacts,
  'merged cards': mergedCardFacts,
  'lives of cards': cardLifeFacts,
};
