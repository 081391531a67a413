import type { SignedInUser } from '../accounts/signed-in-user.ts';
import { refundOrder } from '../orders/refund-order.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { checkoutRequestSchema } from './checkout-request.ts';
import { orderPlacer, type Placed } from './place-order.ts';
import { withAmountDue } from './with-amount-due.test-data.ts';

const items = [{ productId: 'CS-000001', quantity: 1 }];

/** What a customer of a crash test buys; the parts of the sale are checked against it. */
const carts = {
  buy: { items, points: 30, card: 'pm_card_visa' },
  'points alone': { items, points: 500 },
  declined: { items, points: 30, card: 'pm_card_chargeDeclined' },
  'not taken': { items, points: 30, card: 'pm_card_captureFails' },
  'too many points': { items, points: 499, card: 'pm_card_visa' },
  'part refund': { items, points: 30, card: 'pm_card_visa' },
  refund: { items, points: 30, card: 'pm_card_visa' },
} as const;

export type Scenario = keyof typeof carts;
export const scenarios = Object.keys(carts) as Scenario[];

/** The points that a customer of a scenario has before. */
export const pointsBefore = (scenario: Scenario): number => (scenario === 'points alone' ? 500 : 100);

/** The customer of a scenario who comes to a point, and what becomes of them after the crash. */
export interface Case {
  scenario: Scenario;
  point: string;
  /** Whether the customer sends the same again before the reconciler comes. */
  sendsAgain: boolean;
}

export const customerOf = ({ scenario, point, sendsAgain }: Case): string =>
  `${scenario} ${point} ${sendsAgain ? 'again' : 'once'}`.replaceAll(' ', '-');

/** Buys, and gives back where the scenario says so. The same again is the same request with the same key. */
export async function play(
  services: ShopServices,
  scenario: Scenario,
  customerId: string,
): Promise<Placed['order'] | null> {
  const request = checkoutRequestSchema.parse(withAmountDue(carts[scenario]));
  const { order } = await orderPlacer(services)({ customerId, idempotencyKey: 'one', request });
  if (scenario !== 'refund' && scenario !== 'part refund') return order;
  const user: SignedInUser = { id: customerId, email: '', name: '', role: 'customer' };
  const amount = scenario === 'refund' ? undefined : '100';
  const idempotencyKey = 'back';
  await refundOrder(services, {
    user,
    orderId: order.id,
    idempotencyKey,
    request: { amount, reason: 'Crash' },
  });
  return order;
}
