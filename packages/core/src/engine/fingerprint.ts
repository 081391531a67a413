import type { ParsedCommand } from '../commands/command.ts';

/**
 * A short text that is the same for the same content: a command's kind and fields without its key and the card it names.
 * Two 53-bit hashes; enough to tell a retry from another command, and no secret.
 */
export function fingerprint(kind: string, command: ParsedCommand): string {
  const {
    idempotencyKey,
    programId,
    customerId,
    cardId,
    occurredAt,
    actor,
    locationId,
    metadata,
    ...content
  } = command;
  const text = kind + JSON.stringify(content);
  return hash53(text, 0x9e3779b1).toString(36) + hash53(text, 0x5f356495).toString(36);
}

function hash53(text: string, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
