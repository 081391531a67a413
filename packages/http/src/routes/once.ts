import type { Loyalty } from '@loyalty-engine/core';

/** What of a call says whether it was made before. */
export interface Claiming {
  loyalty: Loyalty;
  idempotencyKey: string | undefined;
  /** A digest of what the request asks for. */
  fingerprint(): Promise<string>;
}

/**
 * Changes a merchant's books under the request's key: the same again is answered with what the first came to and changes
 * nothing, whatever has changed since. `kept` says what of the answer a repetition may see.
 *
 * @throws LoyaltyError IDEMPOTENCY_KEY_REUSED, REQUEST_UNDER_WAY; what `change` throws.
 */
export async function once<Answer extends object>(
  { loyalty, idempotencyKey, fingerprint }: Claiming,
  scope: string,
  change: () => Promise<Answer>,
  kept?: (answer: Answer) => Answer,
): Promise<Answer & { replayed?: boolean }> {
  if (idempotencyKey === undefined) return change();
  const request = { scope, key: idempotencyKey, fingerprint: await fingerprint() };
  const { answer, replayed } = await loyalty.requests.once(request, change, kept);
  return { ...answer, replayed };
}
