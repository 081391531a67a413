import { identifierSchema } from '@loyalty-engine/core';
import { z } from 'zod';

/** What kinds of callers there are. */
export const roles = ['admin', 'merchant', 'service', 'store', 'customer'] as const;
export type Role = (typeof roles)[number];

const merchantId = identifierSchema;
/** Who it is, as it is kept with what they do. */
const actor = identifierSchema.optional();

export const principalSchema = z.discriminatedUnion('role', [
  // Who names a merchant means one company's admin: as `admin` they would reach every company.
  z.object({ role: z.literal('admin'), merchantId: z.undefined().optional(), actor }),
  z.object({ role: z.literal('merchant'), merchantId, actor }),
  z.object({ role: z.literal('service'), merchantId, actor }),
  z.object({ role: z.literal('store'), merchantId, locationId: identifierSchema, actor }),
  z.object({ role: z.literal('customer'), merchantId, customerId: identifierSchema, actor }),
]);

/**
 * Who calls, and what they reach:
 * - `admin` runs the platform: every merchant and every card;
 * - `merchant` runs one company: its programs, cards, staff and figures;
 * - `service` is a company's own backend: every command on that company's cards, no settings;
 * - `store` is a till or terminal at one location: what is done at a counter, there;
 * - `customer` is a shopper: their own card, and nothing that says what they bought or paid.
 *
 * `actor` names the person for the ledger and the record of changes, which keep it for good: for a customer leave it out, or
 * anonymising their card will not make them forgotten. Without it the role stands there. Other fields are not looked at.
 */
export type Principal = z.input<typeof principalSchema>;

/**
 * Who makes a request; null for nobody, which is answered with 401. `host` is what the host framework knows it by: the
 * request of Express under `toExpress`, with its session and its user.
 */
export type Authenticate = (request: Request, host?: unknown) => Principal | null | Promise<Principal | null>;

/** The name that the ledger keeps for what a principal does. */
export function actorOf(principal: Principal): string {
  return principal.actor ?? principal.role;
}

/** The merchant that a principal is confined to; undefined for the platform's admin. */
export function merchantOf(principal: Principal): string | undefined {
  return principal.role === 'admin' ? undefined : principal.merchantId;
}
