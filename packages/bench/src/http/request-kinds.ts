import { randomUUID } from 'node:crypto';
import { generateProducts } from '../../../../examples/cathay-shop/src/catalogue/generate-products.ts';
import { rupees } from '../../../../examples/cathay-shop/src/orders/order.ts';
import { cathayMiles } from '../../../../examples/cathay-shop/src/program.ts';
import { customerId } from './customers.ts';
import type { ConnectionRequests } from './send-requests.ts';

/** Who sends requests: what a connection's customers carry. */
export interface Senders {
  connections: number;
  /** The `Cookie` header of each customer's session. */
  cookies: readonly string[];
  serviceKey: string;
}

/** Requests of one kind, whose answers all have one status. */
export interface RequestKind {
  status: number;
  requestsOf(senders: Senders, connection: number): ConnectionRequests;
}

/** What a new shop is filled with. */
const products = [...generateProducts(500, 1)];
/** One checkout in three pays a part with so many points. */
const pointsToSpend = 10;

/** A reading, by the connection's own customers in turn: no two connections ask for the same customer. */
export function readingOf(path: string): RequestKind {
  return {
    status: 200,
    requestsOf: (senders, connection) =>
      customersOf(senders, connection).map((index) => ({
        method: 'GET',
        path,
        headers: { Cookie: senders.cookies[index] ?? '' },
      })),
  };
}

/** A checkout of one product, by the connection's own customers in turn, each under a key of its own. */
export function checkoutAt(path: string): RequestKind {
  return {
    status: 201,
    requestsOf(senders, connection) {
      const customers = customersOf(senders, connection);
      let number = connection * 7;
      return writing(path, () => {
        number += 1;
        const { id = '', priceMinor = 0 } = products[(number * 31) % products.length] ?? {};
        const points = number % 3 === 0 ? pointsToSpend : 0;
        const body = {
          items: [{ productId: id, quantity: 1 }],
          points,
          amountDue: rupees(priceMinor - points * 100),
          card: 'pm_card_visa',
        };
        return {
          headers: { Cookie: senders.cookies[customers[number % customers.length] ?? 0] ?? '' },
          body,
        };
      });
    },
  };
}

/** An earn for an order at a counter, by a backend with a key, for the connection's own customers in turn. */
export function earnAt(path: string, more: object = {}): RequestKind {
  return {
    status: 200,
    requestsOf(senders, connection) {
      const customers = customersOf(senders, connection);
      let number = 0;
      return writing(path, () => {
        number += 1;
        const order = { id: randomUUID(), total: `${100 + (number % 900)}.00` };
        const body = { ...more, customerId: customerId(customers[number % customers.length] ?? 0), order };
        return { headers: { Authorization: `Bearer ${senders.serviceKey}` }, body };
      });
    },
  };
}

/** The body of an earn through the loyalty API beside customer and order. */
export const ofProgram = { programId: cathayMiles.id };

function customersOf({ cookies, connections }: Senders, connection: number): number[] {
  const all = cookies.map((_, index) => index);
  return all.filter((index) => index % connections === connection % connections);
}

/** One request that is made anew each time it is sent. */
function writing(
  path: string,
  next: () => { headers: Record<string, string>; body: object },
): ConnectionRequests {
  return [
    {
      method: 'POST',
      path,
      setupRequest(request: ConnectionRequests[number]) {
        const { headers, body } = next();
        return {
          ...request,
          headers: { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
          body: JSON.stringify(body),
        };
      },
    },
  ];
}
