import type { ParsedCommand } from '../commands/command.ts';

/**
 * A short text that is the same for the same content: a command's kind and its own fields, without its key, the card it
 * names, and when, where and by whom it was sent. 64 bits; enough to tell a retry from another command, and no secret.
 */
export function fingerprint(kind: string, command: ParsedCommand): string {
  const {
    idempotencyKey,
    programId,
    customerId,
    cardId,
    cardNumber,
    qrToken,
    merchantId,
    staff,
    occurredAt,
    actor,
    locationId,
    metadata,
    ...content
  } = command;
  return hash64(kind + JSON.stringify(content));
}

// Two interleaved 32-bit multiplicative hashes, each mixed with the other at the end.
function hash64(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (low >>> 0).toString(36).padStart(7, '0') + (high >>> 0).toString(36).padStart(7, '0');
}
