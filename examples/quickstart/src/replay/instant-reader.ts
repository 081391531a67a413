import { tz } from '@date-fns/tz';
import type { Instant } from '@loyalty-engine/core';
import { parse } from 'date-fns/parse';
import { parseISO } from 'date-fns/parseISO';

const earliest = Date.UTC(1970, 0, 2);
const latest = Date.UTC(9990, 0, 1);
const maxRemembered = 10_000;
const hasZone = /[T ].*(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * Reads `placed_at`: ISO 8601, or date-fns tokens where a format is given. A time without a zone is wall time of the
 * given one. Null where the text is no such time.
 */
export function instantReader(
  format: string | undefined,
  timeZone: string,
): (text: string) => Instant | null {
  const zone = tz(timeZone);
  const reference = zone(0);
  // The rows of one order repeat its time, and parsing is slow.
  const remembered = new Map<string, Instant | null>();
  const read = (text: string): Date => {
    if (format !== undefined) return parse(text, format, reference, { in: zone });
    return hasZone.test(text) ? parseISO(text) : parseISO(text, { in: zone });
  };
  return (text) => {
    let at = remembered.get(text);
    if (at === undefined) {
      const time = read(text).getTime();
      at = time >= earliest && time <= latest ? time : null;
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.set(text, at);
    }
    return at;
  };
}
