import { type Loyalty, type ProgramInput, unwrap } from '@loyalty-engine/core';
import type { Principal } from '../src/principal.ts';

/** What there is to name in requests, by the name of the field that it is named in. */
export type Names = Readonly<Record<string, readonly unknown[]>>;

/** Who sends a request; null: nobody. */
export type Caller = Principal | null;

/** Two companies with all that they have, and everybody who calls. */
export interface BusyCompanies {
  names: Names;
  /** Those who may do the most come more often. */
  callers: readonly Caller[];
}

/** Opens two companies with locations, staff, programs, rewards, and cards on which something has happened. */
export async function openCompanies(loyalty: Loyalty, generation: number): Promise<BusyCompanies> {
  const [cathay, other] = [`cathay-${generation}`, `other-${generation}`];
  for (const merchantId of [cathay, other]) await openCompany(loyalty, merchantId);
  const programs = [
    programOf(cathay, `miles-${generation}`),
    programOf(cathay, `pending-${generation}`, 'on-confirm'),
    programOf(other, `other-miles-${generation}`),
  ];
  const found: FoundNames = { cardId: [], cardNumber: [], qrToken: [], holdId: [], code: [] };
  for (const program of programs) {
    await publish(loyalty, program);
    for (const customerId of ['asha', 'balu']) await openCard(loyalty, program.id, customerId, found);
  }
  const [miles, pending, others] = programs.map(({ id }) => id);
  const names = {
    ...found,
    programId: [miles, miles, miles, pending, others, 'new'],
    merchantId: [cathay, cathay, other, 'new'],
    customerId: ['asha', 'balu', 'asha', 'balu', 'me', 'new'],
    locationId: ['bandra', 'colaba', 'bandra', 'new'],
    staffId: ['ravi', 'mina'],
    terminalId: ['till-1', 'till-2'],
    pin: ['482913', '482913', '111111'],
    orderId: ['first', 'first', 'held', 'A', 'B', 'C', 'D'],
    rewardId: ['mug', 'off', 'new'],
    entry: [1, 2, 3, 4, 5, 6],
    cursor: ['A'],
    sku: ['tea', 'bag'],
    category: ['drinks', 'gift cards'],
    timeZone: ['Asia/Kolkata', 'Asia/Tokyo', 'America/Sao_Paulo'],
    currency: ['INR', 'INR', 'INR', 'INR', 'JPY'],
  };
  return { names, callers: callersOf(cathay, other) };
}

type FoundNames = Record<'cardId' | 'cardNumber' | 'qrToken' | 'holdId' | 'code', string[]>;

async function openCompany(loyalty: Loyalty, merchantId: string): Promise<void> {
  const settings = { staffPin: { stamp: 'optional', adjust: 'off' } } as const;
  await loyalty.merchants.register({ id: merchantId, name: merchantId });
  await loyalty.merchants.configure({ merchantId, settings, actor: 'anita' });
  for (const id of ['bandra', 'colaba'])
    await loyalty.locations.register({ merchantId, id, name: id, timeZone: 'Asia/Kolkata' });
  const ravi = { id: 'ravi', name: 'Ravi', role: 'cashier', pin: '482913' };
  await loyalty.staff.register({ ...ravi, merchantId, actor: 'anita' });
}

function programOf(
  merchantId: string,
  id: string,
  availability: 'immediate' | 'on-confirm' = 'immediate',
): ProgramInput & { id: string } {
  return {
    id,
    merchantId,
    name: id,
    currency: 'INR',
    timeZone: 'Asia/Kolkata',
    points: {
      earn: {
        points: 1,
        perAmount: '10',
        maxPointsPerOrder: 500,
        excludeCategories: ['gift cards'],
        availability,
      },
      redeem: { valuePerPoint: '1', maxShareOfOrder: '0.5' },
      expiry: { kind: 'after-earning', months: 1 },
      welcomeBonus: 10,
    },
    stamps: { target: 3, cooldownMinutes: 0, maxPerVisit: 5, reward: { name: 'A coffee' } },
  };
}

async function publish(loyalty: Loyalty, program: ProgramInput & { id: string }): Promise<void> {
  await loyalty.programs.publish(program);
  const gifts = [
    { id: 'mug', price: { points: 5 }, gives: { kind: 'item' } },
    { id: 'off', price: { stamps: 1 }, gives: { kind: 'amount-off', amount: '50' }, stock: 50 },
  ] as const;
  for (const gift of gifts)
    await loyalty.rewards.publish({ programId: program.id, name: gift.id, ...gift, actor: 'anita' });
}

async function openCard(
  loyalty: Loyalty,
  programId: string,
  customerId: string,
  found: FoundNames,
): Promise<void> {
  const member = { programId, customerId };
  unwrap(await loyalty.earn({ ...member, order: { id: 'first', total: '900' } }));
  const source = { type: 'opening', id: '1' };
  unwrap(await loyalty.award({ ...member, points: 200, source, reason: 'Opening' }));
  unwrap(await loyalty.redeem({ ...member, points: 20 }));
  const order = { id: 'held', total: '500' };
  found.holdId.push(unwrap(await loyalty.checkout.start({ ...member, order, points: 5 })).holdId);
  unwrap(await loyalty.stamp({ ...member, stamps: 5, locationId: 'bandra' }));
  unwrap(await loyalty.stamp({ ...member, stamps: 5 }));
  found.code.push(unwrap(await loyalty.redeemStamps(member)).voucherCode);
  const { cardId, cardNumber, qrToken } = await loyalty.cards.get(member);
  found.cardId.push(cardId);
  found.cardNumber.push(cardNumber);
  found.qrToken.push(qrToken);
}

function callersOf(cathay: string, other: string): Caller[] {
  return [
    { role: 'admin' },
    { role: 'admin', actor: 'root' },
    { role: 'admin', actor: 'Zoë 大阪' },
    { role: 'merchant', merchantId: cathay },
    { role: 'merchant', merchantId: cathay, actor: 'anita' },
    { role: 'merchant', merchantId: other },
    { role: 'service', merchantId: cathay },
    { role: 'service', merchantId: cathay },
    { role: 'service', merchantId: other },
    { role: 'store', merchantId: cathay, locationId: 'bandra' },
    { role: 'store', merchantId: other, locationId: 'colaba' },
    { role: 'store', merchantId: cathay, locationId: 'nowhere' },
    { role: 'customer', merchantId: cathay, customerId: 'asha' },
    { role: 'customer', merchantId: cathay, customerId: 'nobody' },
    { role: 'customer', merchantId: other, customerId: 'balu' },
    null,
  ];
}
