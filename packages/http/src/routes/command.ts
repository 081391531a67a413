import type { Loyalty } from '@loyalty-engine/core';
import type { z } from 'zod';
import { commandBody } from '../bodies.ts';
import type { Role } from '../principal.ts';
import { type Given, type KeyRule, type Route, route } from '../route.ts';
import { atCounter, type Circumstances, type Naming } from './commanded.ts';

type BodyOf<Shape extends z.ZodRawShape> = ReturnType<typeof commandBody<Shape>>;

interface Command<
  Name extends string,
  Shape extends z.ZodRawShape,
  Answer extends z.ZodType,
  Key extends KeyRule,
> {
  /** The last part of its path. */
  name: Name;
  summary: string;
  roles: readonly Role[];
  /** The engine's schema of the command. */
  schema: z.ZodObject<Shape>;
  answer: Answer;
  key: Key;
  run(
    loyalty: Loyalty,
    input: Naming<z.input<BodyOf<Shape>>> & Circumstances,
  ): Promise<Given<z.output<Answer>>>;
}

/** A command of the engine as a route: its body is the command as the engine takes it, and names its card itself. */
export function command<
  const Name extends string,
  Shape extends z.ZodRawShape,
  Answer extends z.ZodType,
  const Key extends KeyRule,
>({
  name,
  schema,
  run,
  ...stated
}: Command<Name, Shape, Answer, Key>): Route<`/store/${Name}`, undefined, BodyOf<Shape>, Answer, true, Key> {
  return route({
    ...stated,
    method: 'POST',
    path: `/store/${name}`,
    body: commandBody(schema),
    refuses: true,
    run: async (call: never) => {
      const input = atCounter(call) as Parameters<typeof run>[1] | null;
      return input && run((call as { loyalty: Loyalty }).loyalty, input);
    },
  }) as Route<`/store/${Name}`, undefined, BodyOf<Shape>, Answer, true, Key>;
}
