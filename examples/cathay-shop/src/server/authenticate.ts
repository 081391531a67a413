import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authenticate, Principal } from '@loyalty-engine/http';
import type { ReadUser } from '../accounts/read-user.ts';
import type { Config } from '../config.ts';
import { merchantId } from '../program.ts';

/**
 * Says who asks the loyalty API: a machine by its key (`Authorization: Bearer`), else a person by the session's cookie. A key that
 * is wrong is nobody, whatever cookie comes with it.
 */
export function authenticateWith(
  userOf: ReadUser,
  { keys, storeLocation }: Pick<Config, 'keys' | 'storeLocation'>,
): Authenticate {
  const machines: { key: Buffer; principal: Principal }[] = [];
  if (keys.service !== null)
    machines.push({ key: digest(keys.service), principal: { role: 'service', merchantId } });
  if (keys.store !== null) {
    const principal = { role: 'store', merchantId, locationId: storeLocation } as const;
    machines.push({ key: digest(keys.store), principal });
  }
  return async ({ headers }) => {
    const authorization = headers.get('authorization');
    if (authorization !== null) {
      const given = digest(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
      // Digests are of one length, and all keys are compared: how long it takes says nothing about any of them.
      const matching = machines.filter(({ key }) => timingSafeEqual(key, given));
      return matching[0]?.principal ?? null;
    }
    const user = await userOf(headers.get('cookie'));
    if (!user) return null;
    if (user.role === 'admin') return { role: 'admin', actor: user.id };
    return { role: 'customer', merchantId, customerId: user.id };
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
