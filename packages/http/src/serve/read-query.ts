import { z } from 'zod';
import type { FieldError } from '../problem.ts';

const wholeNumber = /^-?\d{1,16}$/;

/**
 * The query of a URL as the fields of a schema: numbers and lists are read as such (`limit=20`, `kinds=earn,redeem`), all else
 * is text. What is in them is for the engine to check; unknown and repeated parameters are refused here.
 */
export function readQuery(
  schema: z.ZodObject | undefined,
  parameters: URLSearchParams,
): { fields: Record<string, unknown>; errors: FieldError[] } {
  const fields: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const [name, text] of parameters) {
    const field = Object.hasOwn(schema?.shape ?? {}, name) ? schema?.shape[name] : undefined;
    if (!field) errors.push({ field: name, message: 'unknown parameter' });
    else if (Object.hasOwn(fields, name)) errors.push({ field: name, message: 'is given twice' });
    else fields[name] = asFieldWants(field, text);
  }
  return { fields, errors };
}

function asFieldWants(field: z.core.$ZodType, text: string): unknown {
  const inner = bare(field);
  if (inner instanceof z.ZodNumber) return wholeNumber.test(text) ? Number(text) : text;
  if (inner instanceof z.ZodArray) return text.split(',');
  return text;
}

/** A schema without its defaults and its being optional. */
export function bare(field: z.core.$ZodType): z.core.$ZodType {
  return field instanceof z.ZodOptional || field instanceof z.ZodDefault ? bare(field.unwrap()) : field;
}
