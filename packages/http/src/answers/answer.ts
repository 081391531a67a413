import type { z } from 'zod';

/** Stands for a field that may be missing, so that a missing one and a forgotten one are told apart. */
declare const absent: unique symbol;
type Absent = typeof absent;

/**
 * What a value is in JSON, every field named: optional ones may be {@link Absent}, read-only ones are as any other. `any`,
 * which goes with everything, is nothing here.
 */
type JsonForm<Value> = 0 extends 1 & Value
  ? never
  : Value extends object
    ? {
        -readonly [Name in keyof Value]-?: undefined extends Value[Name]
          ? JsonForm<Exclude<Value[Name], undefined>> | Absent
          : JsonForm<Value[Name]>;
      }
    : Value;

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

/** Anything where a schema says what the engine answers; otherwise something that no schema is. */
type Proof<Schema extends z.ZodType, Answer> =
  Same<JsonForm<z.output<Schema>>, JsonForm<Answer>> extends true
    ? unknown
    : { 'the schema gives': z.output<Schema>; 'the engine answers': Answer };

/**
 * The schema of something that the engine answers, given back as it is. Where schema and type are not the same, field by
 * field and both ways, it does not compile: neither can change without the other.
 *
 * @example
 * export const pinLockSchema = answer<PinLock>()(z.object({ merchantId: z.string(), ... }))
 */
export function answer<Answer>() {
  return <Schema extends z.ZodType>(schema: Schema & Proof<Schema, Answer>): Schema => schema;
}
