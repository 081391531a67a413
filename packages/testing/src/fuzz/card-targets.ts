import { circumstances, command, door, type FuzzTarget, member } from './fuzz-target.ts';

const reason = 'asked for';

/** Commands and readings on stamps, rewards and cards. */
export const cardTargets: readonly FuzzTarget[] = [
  command(
    'stamp',
    ({ stamp }) => stamp,
    ({ nonce }) => ({ stamps: 1, orderId: `visit-${nonce}` }),
  ),
  command(
    'voidStamp',
    ({ voidStamp }) => voidStamp,
    ({ stampEntry }) => ({ entry: stampEntry, reason }),
  ),
  command(
    'redeemStamps',
    ({ redeemStamps }) => redeemStamps,
    ({ nonce }) => ({ orderId: `visit-${nonce}` }),
  ),
  command(
    'rewards.redeem',
    ({ rewards }) => rewards.redeem,
    ({ nonce }) => ({ rewardId: 'mug', orderId: `visit-${nonce}` }),
  ),
  door(
    'rewards.use',
    ({ rewards }) => rewards.use,
    (card) => ({ ...circumstances(card), code: card.voucherCode, orderId: 'known' }),
  ),
  door(
    'rewards.void',
    ({ rewards }) => rewards.void,
    (card) => ({ ...circumstances(card), code: card.voucherCode, reason }),
  ),
  door(
    'rewards.voucher',
    ({ rewards }) => rewards.voucher,
    ({ voucherCode }) => ({ code: voucherCode, merchantId: 'cathay' }),
  ),
  {
    name: 'rewards.vouchers',
    valid: () => ({ status: 'issued', limit: 2, cursor: '[9]' }),
    send: ({ rewards }, input, card) => rewards.vouchers(member(card), input as never),
  },
  command(
    'cards.enroll',
    ({ cards }) => cards.enroll,
    () => ({ self: true }),
  ),
  command(
    'cards.deactivate',
    ({ cards }) => cards.deactivate,
    () => ({ reason }),
  ),
  command(
    'cards.reactivate',
    ({ cards }) => cards.reactivate,
    () => ({ reason }),
  ),
  command(
    'cards.rotateQr',
    ({ cards }) => cards.rotateQr,
    () => ({ reason }),
  ),
  command(
    'cards.anonymise',
    ({ cards }) => cards.anonymise,
    () => ({ reason }),
  ),
  door(
    'cards.merge',
    ({ cards }) => cards.merge,
    (card) => ({ ...circumstances(card), from: { cardId: card.otherId }, into: member(card), reason }),
  ),
  door(
    'cards.get by number',
    ({ cards }) => cards.get,
    ({ cardNumber }) => ({ cardNumber, merchantId: 'cathay' }),
  ),
  door(
    'cards.get by QR token',
    ({ cards }) => cards.get,
    ({ qrToken }) => ({ qrToken }),
  ),
  door(
    'balance by id',
    ({ balance }) => balance,
    ({ cardId }) => ({ cardId, merchantId: 'cathay' }),
  ),
  door(
    'cards.list',
    ({ cards }) => cards.list,
    ({ programId, cardId }) => ({
      programId,
      merchantId: 'cathay',
      status: 'active',
      enrolledLocationId: 'mumbai',
      activeSince: '2026-01-01T00:00:00Z',
      idleSince: '2027-01-01T00:00:00Z',
      limit: 3,
      cursor: JSON.stringify([cardId]),
    }),
  ),
  door(
    'entries',
    ({ entries }) => entries,
    ({ programId, cardId }) => ({
      programId,
      merchantId: 'cathay',
      cardId,
      kinds: ['earn', 'redeem'],
      locationId: 'mumbai',
      orderId: 'A',
      staffId: 'ravi',
      actor: 'anita',
      from: '2026-01-01T00:00:00Z',
      to: '2027-01-01T00:00:00Z',
      limit: 3,
      cursor: JSON.stringify([Date.UTC(2026, 0, 15), cardId, 1]),
    }),
  ),
  door('orders of', ({ orders }) => orders, member),
  {
    name: 'orders',
    valid: ({ cardId }) => ({ limit: 3, cursor: JSON.stringify([cardId, 'A']) }),
    send: (loyalty, input, { programId }) => loyalty.orders({ programId }, input as never),
  },
  door(
    'statistics',
    ({ statistics }) => statistics,
    ({ programId }) => ({
      programId,
      merchantId: 'cathay',
      from: '2026-01-01',
      to: '2026-12-31',
      activeDays: 30,
      by: 'day',
    }),
  ),
  {
    name: 'jobs.warnOfExpiry',
    valid: () => ({ withinDays: 3, limit: 2, warn: () => {} }),
    send: (loyalty, input) => loyalty.jobs.warnOfExpiry(input as never),
  },
];
