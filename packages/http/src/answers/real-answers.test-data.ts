import { createLoyalty, type Loyalty, type ProgramInput } from '@loyalty-engine/core';
import { type ManualClock, manualClock, memoryStore, sequentialIds } from '@loyalty-engine/testing';
import type { z } from 'zod';
import { viewProgram } from '../routes/view-program.ts';
import { balanceSchema } from './balance.ts';
import { cardPageSchema, cardSchema } from './card.ts';
import * as of from './commands.ts';
import { entryPageSchema, statementSchema } from './entry.ts';
import { expiryRunSchema } from './expiry-run.ts';
import {
  changePageSchema,
  locationPageSchema,
  locationSchema,
  merchantPageSchema,
  merchantSchema,
} from './merchant.ts';
import { orderPageSchema } from './order.ts';
import { programListSchema, programVersionSchema, versionListSchema } from './program.ts';
import { quoteAnswerSchema } from './quote.ts';
import { rewardPageSchema, rewardSchema } from './reward.ts';
import {
  pinAcceptedSchema,
  pinLockSchema,
  staffPageSchema,
  staffSchema,
  staffWithPinSchema,
} from './staff.ts';
import { statisticsSchema } from './statistics.ts';
import { verificationSchema } from './verification.ts';
import { voucherPageSchema, voucherSchema } from './voucher.ts';

/** Something that the engine answered, as it goes over the wire, and the schema of it. */
export type RealAnswer = readonly [what: string, schema: z.ZodType, json: unknown];

interface Stage {
  loyalty: Loyalty;
  clock: ManualClock;
  /** Notes an answer and gives it back. */
  note<Answer>(what: string, schema: z.ZodType, answer: Answer): Answer;
}

const merchantId = 'cathay';
const at = { locationId: 'bandra' };
const by = { actor: 'anita', reason: 'asked for' };
const asha = { programId: 'miles', customerId: 'asha' };
const balu = { programId: 'full', customerId: 'balu' };

const plain: ProgramInput = {
  id: 'miles',
  merchantId,
  name: 'Cathay Miles',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  points: { earn: { points: 1, perAmount: '10' }, redeem: { valuePerPoint: '1' } },
};

/** A program that says everything that a program can say. */
const full: ProgramInput = {
  ...plain,
  id: 'full',
  effectiveFrom: '2026-01-01T00:00:00Z',
  enrolment: 'explicit',
  points: {
    earn: {
      points: 2,
      perAmount: '7.50',
      steps: 'complete',
      rounding: 'half-up',
      roundPer: 'line',
      maxPointsPerOrder: 5000,
      minOrderAmount: '1',
      excludeCategories: ['gift cards'],
      excludeSkus: ['bag'],
      includeShipping: true,
      includeTax: true,
      availability: 'on-confirm',
    },
    redeem: {
      valuePerPoint: '0.25',
      minPoints: 2,
      increment: 2,
      maxPointsPerOrder: 1000,
      maxShareOfOrder: '0.5',
    },
    expiry: { kind: 'inactivity', months: 6 },
    refunds: { shortfall: 'forgive', restoreGraceDays: 10, split: 'cash-first' },
    welcomeBonus: 40,
    maxBalance: 100_000,
  },
  stamps: {
    target: 2,
    maxPerVisit: 5,
    maxPerDay: 50,
    carryOver: false,
    reward: { name: 'A coffee', value: '150', voucherDays: 30 },
    expiry: { kind: 'after-earning', months: 1, roundUpTo: 'month' },
  },
};

const variants: ProgramInput[] = [
  { ...plain, id: 'fixed', points: { ...plain.points, expiry: { kind: 'fixed-date', month: 3, day: 31 } } },
  {
    ...plain,
    id: 'later',
    points: {
      ...plain.points,
      earn: { points: 1, perAmount: '10', availability: { afterDays: 14 } },
      expiry: { kind: 'after-earning', days: 365, roundUpTo: 'quarter' },
    },
  },
];

/** One of every answer that the engine gives, and of some of them those that have other fields. */
export async function realAnswers(): Promise<RealAnswer[]> {
  const answers: RealAnswer[] = [];
  const clock = manualClock('2026-01-15T10:00:00Z');
  const hasher = {
    hash: async (pin: string) => `of ${pin}`,
    verify: async (pin: string, hash: string) => hash === `of ${pin}`,
  };
  const loyalty = createLoyalty({ store: memoryStore(), clock, ids: sequentialIds(), pins: hasher });
  const stage: Stage = {
    loyalty,
    clock,
    note(what, schema, answer) {
      answers.push([what, schema, asJson(answer)]);
      return answer;
    },
  };
  await company(stage);
  await programs(stage);
  await points(stage);
  await pendingPoints(stage);
  await stamps(stage);
  await rewards(stage);
  await cards(stage);
  await readings(stage);
  await loyalty.close();
  return answers;
}

/** As a route sends it: of an outcome, that it was carried out goes by the status, and a repeat by a header. */
function asJson(answer: unknown): unknown {
  const json = JSON.parse(JSON.stringify(answer));
  if (!('replayed' in json) && !('limitedBy' in json)) return json;
  const { ok, replayed: _replayed, ...facts } = json;
  if (ok !== true) throw new Error(`refused: ${JSON.stringify(json)}`);
  return facts;
}

async function company({ loyalty, note }: Stage): Promise<void> {
  const { merchants, locations, staff } = loyalty;
  note('a merchant', merchantSchema, await merchants.register({ id: merchantId, name: 'Cathay' }));
  const settings = { staffPin: { stamp: 'optional', adjust: 'off' }, pinAttempts: 3 } as const;
  note('settings', merchantSchema, await merchants.configure({ merchantId, settings, actor: 'anita' }));
  for (const id of ['bandra', 'colaba'])
    note(
      'a location',
      locationSchema,
      await locations.register({ merchantId, id, name: id, timeZone: 'Asia/Kolkata' }),
    );
  note(
    'a closed location',
    locationSchema,
    await locations.close({ merchantId, locationId: 'colaba', ...by }),
  );
  const ravi = { merchantId, staffId: 'ravi' };
  const registered = await staff.register({
    merchantId,
    id: 'ravi',
    name: 'Ravi',
    role: 'cashier',
    ...at,
    pin: '482913',
    actor: 'anita',
  });
  note('staff with a PIN', staffWithPinSchema, registered);
  note('staff whose PIN was shown before', staffWithPinSchema, { ...registered, pin: null });
  note('changed staff', staffSchema, await staff.change({ ...ravi, locationId: null, actor: 'anita' }));
  const checked = await staff.checkPin({ ...ravi, pin: '482913', terminalId: 'till-1' });
  if (!checked.ok) throw new Error('the PIN is wrong');
  const { staffId, name, role } = checked;
  note('an accepted PIN', pinAcceptedSchema, { staffId, name, role });
  note('used staff', staffSchema, await staff.get(merchantId, 'ravi'));
  note('a lock', pinLockSchema, await staff.lock({ ...ravi, actor: 'anita' }));
  note('locked staff', staffPageSchema, await staff.list(merchantId));
  note('no lock', pinLockSchema, await staff.unlock({ merchantId, staffId: 'ravi', actor: 'anita' }));
}

async function programs({ loyalty, note }: Stage): Promise<void> {
  for (const program of [plain, full, ...variants])
    note(`program ${program.id}`, programVersionSchema, viewProgram(await loyalty.programs.publish(program)));
  await loyalty.programs.publish({ ...plain, name: 'Miles' });
  note('programs', programListSchema, { programs: (await loyalty.programs.list()).map(viewProgram) });
  note('versions', versionListSchema, {
    versions: (await loyalty.programs.versions('miles')).map(viewProgram),
  });
}

async function points({ loyalty, note }: Stage): Promise<void> {
  const { checkout } = loyalty;
  const order = (id: string) => ({ id, total: '500' });
  note('a new card', of.enrolledSchema, await loyalty.cards.enroll({ ...asha, ...at }));
  note('an old card', of.enrolledSchema, await loyalty.cards.enroll(asha));
  const metadata = { till: 7, tags: ['web', null], deep: { yes: true } };
  note('an earning', of.earnedSchema, await loyalty.earn({ ...asha, ...at, order: order('A'), metadata }));
  note(
    'a repeated earning',
    of.earnedSchema,
    await loyalty.earn({ ...asha, ...at, order: order('A'), metadata }),
  );
  note('a quote', quoteAnswerSchema, await loyalty.quote({ ...asha, order: order('B') }));
  const started = await checkout.start({ ...asha, order: order('B'), points: 60, clamp: true });
  note('a checkout', of.heldSchema, started);
  note('a cancelled checkout', of.releasedSchema, await checkout.cancel({ ...asha, holdId: idOf(started) }));
  const again = await checkout.start({ ...asha, order: order('C'), points: 20 });
  note(
    'a completed checkout',
    of.checkoutCompletedSchema,
    await checkout.complete({ ...asha, holdId: idOf(again) }),
  );
  const held = note('a hold', of.heldSchema, await loyalty.hold({ ...asha, points: 5 }));
  note('a capture', of.capturedSchema, await loyalty.capture({ ...asha, holdId: idOf(held), points: 3 }));
  note('spent points', of.redeemedSchema, await loyalty.redeem({ ...asha, points: 2 }));
  const spent = await loyalty.redeem({ ...asha, order: order('D'), points: 60, clamp: true });
  note('clamped points', of.redeemedSchema, spent);
  const reason = 'returned';
  note(
    'a refund with a debt',
    of.refundedSchema,
    await loyalty.refund({ ...asha, orderId: 'A', amount: '400', reason }),
  );
  note('a refund in full', of.refundedSchema, await loyalty.refund({ ...asha, orderId: 'C', reason }));
  const source = { type: 'review', id: '1' };
  const awarded = await loyalty.award({
    ...asha,
    points: 90,
    source,
    reason: 'a review',
    expiresAt: '2026-02-01T00:00:00Z',
  });
  note('an award', of.awardedSchema, awarded);
  const entry = awarded.ok ? awarded.entries.at(-1)?.seq : undefined;
  note(
    'a reversal',
    of.reversedSchema,
    await loyalty.reverse({ ...asha, entry: entry ?? 0, points: 4, reason }),
  );
  const adjustment = { points: -3, reasonCode: 'ERROR', note: 'counted twice', actor: 'anita' };
  note('an adjustment', of.adjustedSchema, await loyalty.adjust({ ...asha, ...adjustment }));
}

/** Points that wait: until an order is confirmed, or for a date. */
async function pendingPoints({ loyalty, note }: Stage): Promise<void> {
  note('a welcome', of.enrolledSchema, await loyalty.cards.enroll(balu));
  const lines = [
    { id: '1', sku: 'tea', quantity: 2, unitPrice: '100', category: 'drinks' },
    { id: '2', sku: 'bag', quantity: 1, unitPrice: '20' },
  ];
  for (const id of ['A', 'B'])
    note(
      'pending points',
      of.earnedSchema,
      await loyalty.earn({ ...balu, order: { id, lines, shipping: '15', tax: '5' } }),
    );
  note('confirmed points', of.pendingEarnSchema, await loyalty.confirmEarn({ ...balu, orderId: 'A' }));
  note('cancelled points', of.pendingEarnSchema, await loyalty.cancelEarn({ ...balu, orderId: 'B' }));
  await loyalty.redeem({ ...balu, points: 90 });
  note(
    'a forgiven refund',
    of.refundedSchema,
    await loyalty.refund({ ...balu, orderId: 'A', reason: 'returned' }),
  );
  const later = { programId: 'later', customerId: 'asha', order: { id: 'A', total: '500' } };
  note('points for a date', of.earnedSchema, await loyalty.earn(later));
  note(
    'a balance that waits',
    balanceSchema,
    await loyalty.balance({ programId: 'later', customerId: 'asha' }),
  );
}

async function stamps({ loyalty, note }: Stage): Promise<void> {
  const staff = { staffId: 'ravi', pin: '482913', terminalId: 'till-1' };
  const given = note('stamps', of.stampedSchema, await loyalty.stamp({ ...balu, ...at, staff }));
  const entry = given.ok ? given.entry : 0;
  note('voided stamps', of.stampVoidedSchema, await loyalty.voidStamp({ ...balu, entry, reason: 'twice' }));
  await loyalty.stamp({ ...balu, ...at, stamps: 3 });
  const voucher = note(
    'a full stamp card',
    of.voucherIssuedSchema,
    await loyalty.redeemStamps({ ...balu, orderId: 'K' }),
  );
  note('a used voucher', of.voucherUsedSchema, await loyalty.rewards.use({ code: codeOf(voucher), ...at }));
  // One that the expiry job finds.
  await loyalty.stamp({ ...balu, ...at });
}

async function rewards({ loyalty, note }: Stage): Promise<void> {
  const { rewards: catalogue } = loyalty;
  const gifts = [
    { id: 'item', price: { points: 1 }, gives: { kind: 'item' }, stock: 5, perCustomer: 2 },
    {
      id: 'off',
      price: { stamps: 1 },
      gives: { kind: 'amount-off', amount: '50' },
      activeUntil: '2027-01-01T00:00:00Z',
    },
    { id: 'share', price: { points: 2 }, gives: { kind: 'percent-off', percent: 10, maxAmount: '99.50' } },
  ] as const;
  for (const gift of gifts)
    note(
      `reward ${gift.id}`,
      rewardSchema,
      await catalogue.publish({ ...gift, programId: 'miles', name: gift.id }),
    );
  note(
    'a withdrawn reward',
    rewardSchema,
    await catalogue.withdraw({ programId: 'miles', id: 'off', actor: 'anita' }),
  );
  const bought = await catalogue.redeem({ ...asha, rewardId: 'share' });
  note('a bought reward', of.voucherIssuedSchema, bought);
  note(
    'a voided reward',
    of.rewardVoidedSchema,
    await catalogue.void({ code: codeOf(bought), reason: 'unwanted' }),
  );
  await catalogue.redeem({ ...asha, rewardId: 'item' });
  note('a voucher', voucherSchema, await catalogue.voucher({ code: codeOf(bought) }));
  note('vouchers of a page', voucherPageSchema, await catalogue.vouchers(asha, { limit: 1 }));
  note('vouchers', voucherPageSchema, await catalogue.vouchers(balu));
  note('rewards', rewardPageSchema, await catalogue.list('miles', { limit: 2 }));
}

async function cards({ loyalty, note }: Stage): Promise<void> {
  const { cards: all } = loyalty;
  const [old, other] = [
    { programId: 'fixed', customerId: 'old' },
    { programId: 'fixed', customerId: 'other' },
  ];
  for (const member of [old, other])
    await loyalty.earn({ ...member, order: { id: `of ${member.customerId}`, total: '100' } });
  note('a merge', of.mergedSchema, await all.merge({ from: old, into: other, ...by }));
  note('a merged card', cardSchema, await all.get(old));
  note('a new QR token', of.qrRotatedSchema, await all.rotateQr({ ...other, reason: 'lost' }));
  note('a stopped card', of.cardStatusSchema, await all.deactivate({ ...other, ...by }));
  note('a working card', of.cardStatusSchema, await all.reactivate({ ...other, ...by }));
  note('a card that works already', of.cardStatusSchema, await all.reactivate({ ...other, ...by }));
  note('a forgotten customer', of.anonymisedSchema, await all.anonymise({ ...other, ...by }));
  note('a card', cardSchema, await all.get(asha));
  note('a card with stamps', cardSchema, await all.get(balu));
  note('cards of a page', cardPageSchema, await all.list({ merchantId, limit: 2 }));
  note('cards', cardPageSchema, await all.list());
}

async function readings({ loyalty, clock, note }: Stage): Promise<void> {
  note('a balance', balanceSchema, await loyalty.balance(asha));
  clock.advance({ days: 30 });
  note('a statement with what is due', statementSchema, await loyalty.statement(asha));
  note('an expiry run', expiryRunSchema, await loyalty.jobs.expirePoints());
  clock.advance({ days: 400 });
  await loyalty.jobs.expirePoints();
  for (const member of [asha, balu, { programId: 'fixed', customerId: 'old' }])
    note('a statement', statementSchema, await loyalty.statement(member));
  note(
    'a page of a statement',
    statementSchema,
    await loyalty.statement(asha, { limit: 3, order: 'newest-first' }),
  );
  note('entries', entryPageSchema, await loyalty.entries({ merchantId, limit: 200 }));
  note('entries of a page', entryPageSchema, await loyalty.entries({ programId: 'miles', limit: 2 }));
  note('orders', orderPageSchema, await loyalty.orders(asha));
  note('orders of a page', orderPageSchema, await loyalty.orders({ programId: 'full' }, { limit: 1 }));
  note('changes', changePageSchema, await loyalty.merchants.changes(merchantId));
  note('merchants', merchantPageSchema, await loyalty.merchants.list());
  note('locations', locationPageSchema, await loyalty.locations.list(merchantId, { limit: 1 }));
  note('statistics', statisticsSchema, await loyalty.statistics({ merchantId }));
  for (const kind of ['day', 'location'] as const)
    note(
      `statistics by ${kind}`,
      statisticsSchema,
      await loyalty.statistics({ programId: 'full', by: kind }),
    );
  const { ok: consistent, ...verified } = await loyalty.verify();
  note('a verification', verificationSchema, { ...verified, consistent });
}

function idOf(outcome: { ok: boolean; holdId?: unknown }): string {
  if (typeof outcome.holdId !== 'string') throw new Error(`no hold: ${JSON.stringify(outcome)}`);
  return outcome.holdId;
}

function codeOf(outcome: { ok: boolean; voucherCode?: unknown }): string {
  if (typeof outcome.voucherCode !== 'string') throw new Error(`no voucher: ${JSON.stringify(outcome)}`);
  return outcome.voucherCode;
}
