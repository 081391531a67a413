import type { CardRef } from '@loyalty-engine/core';
import type { Principal } from '../principal.ts';

interface Commanding<Body> {
  principal: Principal;
  merchantId: string | undefined;
  actor: string;
  idempotencyKey: string | undefined;
  body: Body;
}

/** What is the API's own to say of a command: the merchant, who answers for it, and the key that it is repeated under. */
export interface Circumstances {
  merchantId?: string;
  actor: string;
  idempotencyKey: string | undefined;
}

/** A command as the engine takes it: what the caller wrote, and what the API knows. */
export function commanded<Body extends object>({
  merchantId,
  actor,
  idempotencyKey,
  body,
}: Commanding<Body>): Body & Circumstances {
  return { ...body, ...within({ merchantId }), actor, idempotencyKey };
}

/** The merchant that a command or a reading must be of; nothing for the platform's admin. */
export function within({ merchantId }: { merchantId: string | undefined }): { merchantId?: string } {
  return merchantId === undefined ? {} : { merchantId };
}

type CardRefField = 'programId' | 'customerId' | 'cardId' | 'cardNumber' | 'qrToken';

/** What a caller wrote, with the one way to name a card that the engine insists on. */
export type Naming<Body> = Omit<Body, CardRefField> & CardRef;

/**
 * A command at a counter: a terminal works at its own location, whatever it says. Null where it names another one, which is
 * then not there.
 */
export function atCounter<Body extends { locationId?: string | undefined }>(
  call: Commanding<Body>,
): (Naming<Body> & Circumstances) | null {
  const command = commanded(call);
  const { principal } = call;
  if (principal.role === 'store') {
    if (command.locationId !== undefined && command.locationId !== principal.locationId) return null;
    command.locationId = principal.locationId;
  }
  return command as unknown as Naming<Body> & Circumstances;
}
