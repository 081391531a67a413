import { z } from 'zod';
import { invalid } from '../errors.ts';

/** zod schema of a cursor as callers hand it back; what it stands for, `placeOf` checks. */
export const cursorSchema = z.string().min(1).max(1000);

/** A place in a list as one text, which callers keep and never read. */
export function cursorText(place: readonly (string | number)[]): string {
  return JSON.stringify(place);
}

/** The place that a cursor stands for. @throws InvalidCommandError naming `cursor` where it is none of that list. */
export function placeOf<Schema extends z.ZodType>(
  schema: Schema,
  cursor: string,
  list: string,
): z.output<Schema> {
  try {
    const place = schema.safeParse(JSON.parse(cursor));
    if (place.success) return place.data;
  } catch {
    // Refused below, like any other text that is no cursor.
  }
  throw invalid(['cursor'], `is not a cursor of ${list}`);
}
