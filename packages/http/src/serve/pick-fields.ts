import { z } from 'zod';
import type { FieldError } from '../problem.ts';
import type { AnyRoute } from '../route.ts';

/**
 * Which fields of an answer a request wants: `fields=cardId,balance`. Of a list they are those of its items. Null: all.
 */
export function wantedFields(
  route: AnyRoute,
  [text, ...more]: readonly string[],
): { wanted: Set<string> | null; errors: FieldError[] } {
  if (text === undefined) return { wanted: null, errors: [] };
  if (more.length > 0) return { wanted: null, errors: [{ field: 'fields', message: 'is given twice' }] };
  const names = text.split(',');
  const known = fieldsOf(route);
  const unknown = names.filter((name) => !known.has(name));
  const errors = unknown.map((name) => ({
    field: 'fields',
    message: `the answer has no field '${name.slice(0, 60)}'`,
  }));
  return { wanted: new Set(names), errors };
}

/** The answer with the wanted fields only; cursors and what else stands beside a list stay. */
export function pickFields(route: AnyRoute, answer: object, wanted: Set<string> | null): object {
  if (!wanted) return answer;
  if (route.list === undefined) return pick(answer, wanted);
  const items = (answer as Record<string, object[]>)[route.list] ?? [];
  return { ...answer, [route.list]: items.map((item) => pick(item, wanted)) };
}

function pick(fields: object, wanted: Set<string>): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => wanted.has(name)));
}

function fieldsOf(route: AnyRoute): Set<string> {
  const answer = shapeOf(route.answer);
  if (route.list === undefined) return new Set(Object.keys(answer));
  const list = answer[route.list];
  return new Set(list instanceof z.ZodArray ? Object.keys(shapeOf(list.element)) : []);
}

function shapeOf(schema: unknown): Record<string, unknown> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}
