import { cardNumber, type Loyalty, type ProgramInput, unwrap, voucherCode } from '@loyalty-engine/core';

/** The names of everything that a merchant has in a test: what another merchant must never learn. */
export interface Company {
  merchantId: string;
  /** Points at once, and stamps. */
  programId: string;
  /** Points that wait to be confirmed. */
  pendingProgramId: string;
  locationId: string;
  otherLocationId: string;
  staffId: string;
  rewardId: string;
  /** Has points, stamps, holds, an order and a voucher. */
  customerId: string;
  cardId: string;
  cardNumber: string;
  qrToken: string;
  /** Has a card and nothing open. */
  quietCustomerId: string;
  quietCardId: string;
  /** The order of the pending points. */
  pendingOrderId: string;
  orderId: string;
  /** Reserved without an order. */
  holdId: string;
  /** Reserved for an order. */
  checkoutId: string;
  code: string;
}

/** The PIN of everybody. */
export const pin = '482913';
/** Entries of the customer's card, by number: the same at every merchant. */
export const entryOf = { award: 2, stamps: 3 };

function programsOf(name: string): ProgramInput[] {
  const points: ProgramInput['points'] = {
    earn: { points: 1, perAmount: '10' },
    redeem: { valuePerPoint: '1' },
  };
  const program = { merchantId: name, name: `Miles of ${name}`, currency: 'INR', timeZone: 'Asia/Kolkata' };
  const stamps = { target: 2, maxPerVisit: 5, reward: { name: 'A coffee' } };
  const earn = { ...points.earn, availability: 'on-confirm' } as const;
  return [
    { ...program, id: `${name}-miles`, points, stamps },
    { ...program, id: `${name}-later`, points: { ...points, earn } },
  ];
}

/** Makes a merchant with two programs, two locations, staff, a reward and two customers. */
export async function foundCompany(loyalty: Loyalty, name: string): Promise<Company> {
  const merchantId = name;
  const actor = `${name}-owner`;
  const [locationId, otherLocationId] = [`${name}-bandra`, `${name}-colaba`] as const;
  const staffId = `${name}-ravi`;
  await loyalty.merchants.register({ id: merchantId, name: `Company ${name}` });
  for (const id of [locationId, otherLocationId])
    await loyalty.locations.register({ merchantId, id, name: `At ${id}`, timeZone: 'Asia/Kolkata' });
  await loyalty.staff.register({ merchantId, id: staffId, name: 'Ravi', role: 'cashier', pin, actor });
  for (const program of programsOf(name)) await loyalty.programs.publish(program);
  const programId = `${name}-miles`;
  const rewardId = `${name}-cake`;
  await loyalty.rewards.publish({
    ...{ programId, id: rewardId, name: `Cake of ${name}`, stock: 9 },
    ...{ price: { points: 5 }, gives: { kind: 'item' }, actor },
  });
  const asha = { programId, customerId: `${name}-asha` };
  const balu = { programId, customerId: `${name}-balu` };
  const orderId = `${name}-order`;
  const { cardId } = unwrap(await loyalty.earn({ ...asha, order: { id: orderId, total: '500' } }));
  const source = { type: 'review', id: `${name}-review` };
  unwrap(await loyalty.award({ ...asha, points: 200, source, reason: 'a review' }));
  unwrap(await loyalty.stamp({ ...asha, stamps: 4 }));
  const hold = unwrap(await loyalty.hold({ ...asha, points: 10 }));
  const order = { id: `${name}-checkout`, total: '300' };
  const checkout = unwrap(await loyalty.checkout.start({ ...asha, order, points: 20 }));
  const voucher = unwrap(await loyalty.rewards.redeem({ ...asha, rewardId }));
  const quiet = unwrap(await loyalty.cards.enroll(balu));
  const pendingProgramId = `${name}-later`;
  const pendingOrderId = `${name}-pending`;
  const later = { programId: pendingProgramId, customerId: asha.customerId };
  unwrap(await loyalty.earn({ ...later, order: { id: pendingOrderId, total: '500' } }));
  const card = await loyalty.cards.get({ cardId });
  if (!card) throw new Error('the card was not made');
  return {
    ...{ merchantId, programId, pendingProgramId, locationId, otherLocationId, staffId, rewardId, cardId },
    ...{ customerId: asha.customerId, cardNumber: card.cardNumber, qrToken: card.qrToken },
    ...{ quietCustomerId: balu.customerId, quietCardId: quiet.cardId, pendingOrderId, orderId },
    ...{ holdId: hold.holdId, checkoutId: checkout.holdId, code: voucher.voucherCode },
  };
}

/** Names of the same shape that nothing has. */
export const nowhere: Company = {
  merchantId: 'nomad',
  programId: 'nomad-miles',
  pendingProgramId: 'nomad-later',
  locationId: 'nomad-bandra',
  otherLocationId: 'nomad-colaba',
  staffId: 'nomad-ravi',
  rewardId: 'nomad-cake',
  customerId: 'nomad-asha',
  cardId: 'no-000001',
  cardNumber: cardNumber((count) => new Uint8Array(count).fill(7)).replace(/(.{4})(.{4})/, '$1-$2-'),
  qrToken: 'n'.repeat(32),
  quietCustomerId: 'nomad-balu',
  quietCardId: 'no-000002',
  pendingOrderId: 'nomad-pending',
  orderId: 'nomad-order',
  holdId: 'no-000003',
  checkoutId: 'no-000004',
  code: voucherCode((count) => new Uint8Array(count).fill(9)),
};
