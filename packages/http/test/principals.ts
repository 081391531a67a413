import type { Principal } from '../src/index.ts';

/** Tokens as they stand in an Authorization header, of every role at both merchants, and whose each is. */
export const principals: Readonly<Record<string, Principal>> = {
  admin: { role: 'admin' },
  ...of('cathay'),
  ...of('other'),
};

function of(merchantId: string): Record<string, Principal> {
  return {
    [`${merchantId} merchant`]: { role: 'merchant', merchantId },
    [`${merchantId} service`]: { role: 'service', merchantId },
    [`${merchantId} store`]: { role: 'store', merchantId, locationId: `${merchantId}-bandra` },
    [`${merchantId} customer`]: { role: 'customer', merchantId, customerId: `${merchantId}-asha` },
  };
}

/** Who a request is from, by its token. */
export function principalOf(request: Request): Principal | null {
  const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
  return Object.hasOwn(principals, token) ? (principals[token] ?? null) : null;
}
