import { z } from 'zod';
import type { CardState, Receipt } from '../card/card-state.ts';
import { InvalidCommandError, type Issue } from '../errors.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, instantSchema } from '../program/instant.ts';
import { maxPointsPerCommand } from '../program/program.ts';
import { metadataSchema } from './metadata.ts';
import type { Decision } from './outcome.ts';

/** Whose card: a customer of a program, or a card by its id. */
export type CardRef =
  | { programId: string; customerId: string; cardId?: undefined }
  | { cardId: string; programId?: undefined; customerId?: undefined };

export const cardRefShape = {
  programId: identifierSchema.optional(),
  customerId: identifierSchema.optional(),
  cardId: identifierSchema.optional(),
};

const commonShape = {
  ...cardRefShape,
  idempotencyKey: identifierSchema.optional(),
  occurredAt: instantSchema.optional(),
  actor: identifierSchema.optional(),
  locationId: identifierSchema.optional(),
  metadata: metadataSchema.optional(),
};

/** zod schema of a whole number of points, 1 to 10^12. */
export const pointsSchema = z.number().int().min(1).max(maxPointsPerCommand);

interface RefFields {
  programId?: string | undefined;
  customerId?: string | undefined;
  cardId?: string | undefined;
}

/** Refuses anything but exactly one of the two ways to name a card. */
export function checkCardRef(ref: RefFields, context: z.core.$RefinementCtx): void {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (ref.cardId !== undefined) {
    if (ref.programId !== undefined) refuse('programId', 'a cardId already names the card');
    if (ref.customerId !== undefined) refuse('customerId', 'a cardId already names the card');
    return;
  }
  if (ref.programId === undefined) refuse('programId', 'expected programId and customerId, or cardId');
  else if (ref.customerId === undefined) refuse('customerId', 'expected programId and customerId, or cardId');
}

/** The schema of a command: what all commands take, and what this one takes. Unknown fields are refused. */
export function commandSchema<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ ...commonShape, ...shape }).superRefine((command, context) => {
    checkCardRef(command as RefFields, context);
  });
}

type Common = z.output<z.ZodObject<typeof commonShape>>;

/** What every parsed command has. */
export type ParsedCommand = { [Name in keyof Common]?: Common[Name] };

/** What a caller writes: the command's own fields, the common ones, and one way to name the card. */
export type CommandInput<Schema extends z.ZodType> = Omit<z.input<Schema>, keyof typeof cardRefShape> &
  CardRef;

/** What a command touches, beside its card, so that a store can load it. */
export interface Reach {
  orders?: readonly string[];
  holds?: readonly string[];
  entries?: readonly number[];
  /** The most points it takes from lots in burn order. */
  burn?: number;
  /** True where the lot that ends next is asked for. */
  endingNext?: boolean;
  /** True where it may also take what its orders earned, its holds hold or its entries moved. */
  takesBack?: boolean;
}

/**
 * One command of the engine. `decide` is pure and synchronous, may run more than once, and leaves the state as it was.
 */
export interface CommandDefinition<
  Schema extends z.ZodType,
  Facts extends object,
  Stamped = z.output<Schema>,
> {
  kind: string;
  schema: Schema;
  /** The key that stands in where the caller gives none; null for commands that are new each time. */
  derivedKey(command: z.output<Schema>): string | null;
  /**
   * True where what a receipt under the derived key is of was undone since, so that the same command is a new one. A key
   * of the caller's own always answers the first outcome again.
   */
  isUndone?(state: CardState, command: z.output<Schema>, receipt: Receipt): boolean;
  /** True where the derived key guards even when the caller gives a key of their own: once an order, once a source. */
  onceOnly?: boolean;
  reach(command: z.output<Schema>): Reach;
  /** Adds what only the engine can give: the id of what the command makes. */
  stamp?(command: z.output<Schema>, newId: () => string): Stamped;
  decide(state: CardState, command: Stamped, now: Instant): Decision<Facts>;
}

/**
 * Parses what a caller wrote.
 *
 * @throws InvalidCommandError with every issue, each naming its field.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  let issues: Issue[];
  try {
    const result = schema.safeParse(input);
    if (result.success) return result.data;
    // zod words an error when it is first read, and looks at the input once more for that.
    issues = result.error.issues.slice(0, 50).map(toIssue);
  } catch {
    // A getter or a proxy of the caller's threw: the input is none that can be read.
    throw new InvalidCommandError([{ path: [], message: 'the input cannot be read', code: 'unreadable' }]);
  }
  throw new InvalidCommandError(issues);
}

function toIssue(issue: z.core.$ZodIssue): Issue {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') {
    const [unknown = ''] = issue.keys;
    return { path: [...path, unknown.slice(0, 60)], message: 'unknown field', code: issue.code };
  }
  return { path, message: issue.message.slice(0, 300), code: issue.code };
}
