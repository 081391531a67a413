import { z } from 'zod';

const maxDepth = 5;
const maxCharacters = 4096;

/** Plain JSON of the caller's own, kept with the entry: at most 5 levels deep and 4,096 characters. */
export type Metadata = Readonly<Record<string, unknown>>;

/** zod schema of metadata; its output has sorted keys, so that equal content is equal text. */
export const metadataSchema = z
  .custom<Metadata>()
  .meta({
    type: 'object',
    description: `Plain JSON of the caller's own, at most ${maxDepth} levels deep and ${maxCharacters} characters.`,
  })
  .transform((input, context): Metadata => {
    try {
      const copy = sortedCopy(input, 0, { left: maxCharacters });
      const plain = typeof copy === 'object' && copy !== null && !Array.isArray(copy);
      if (plain && JSON.stringify(copy).length <= maxCharacters) return copy as Metadata;
    } catch {
      // Not plain JSON, or the caller's own getter threw.
    }
    context.addIssue({
      code: 'custom',
      message: `expected a plain JSON object, at most ${maxDepth} levels deep and ${maxCharacters} characters`,
    });
    return z.NEVER;
  });

/** `budget` counts values: every one of them takes a character at least. */
function sortedCopy(value: unknown, depth: number, budget: { left: number }): unknown {
  budget.left -= 1;
  if (budget.left < 0) throw new TypeError('too many values');
  if (depth > maxDepth) throw new TypeError('too deep');
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (value.length > maxCharacters || !value.isWellFormed() || value.includes('\0'))
      throw new TypeError('bad text');
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Object.is(value, -0)) throw new TypeError('bad number');
    return value;
  }
  if (typeof value !== 'object') throw new TypeError('not JSON');
  if (Array.isArray(value)) {
    if (value.length > maxCharacters) throw new TypeError('too long');
    return value.map((item) => sortedCopy(item, depth + 1, budget));
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('not a plain object');
  const keys = Object.keys(value).sort();
  if (keys.length > maxCharacters) throw new TypeError('too many keys');
  const copy: Record<string, unknown> = {};
  for (const key of keys) {
    if (key === '__proto__' || key.includes('\0') || !key.isWellFormed()) throw new TypeError('bad key');
    copy[key] = sortedCopy((value as Record<string, unknown>)[key], depth + 1, budget);
  }
  return copy;
}
