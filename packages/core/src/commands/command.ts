import { z } from 'zod';
import { type CardKey, nameOfNumber, nameOfQrToken } from '../card/card-names.ts';
import { cardNumberSchema } from '../card/card-number.ts';
import type { CardState, Receipt } from '../card/card-state.ts';
import { isSameText } from '../card/is-same-text.ts';
import { qrTokenSchema } from '../card/qr-token.ts';
import { InvalidCommandError, type Issue } from '../errors.ts';
import { StaffProof } from '../merchant/staff.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, instantSchema } from '../program/instant.ts';
import { maxPointsPerCommand } from '../program/program.ts';
import { metadataSchema } from './metadata.ts';
import type { Decision } from './outcome.ts';
import type { RefusalCode } from './refusal.ts';

/** Whose card: a customer of a program, or a card by its id, its number or its QR token. */
export type CardRef =
  | { programId: string; customerId: string; cardId?: undefined; cardNumber?: undefined; qrToken?: undefined }
  | {
      cardId: string;
      programId?: undefined;
      customerId?: undefined;
      cardNumber?: undefined;
      qrToken?: undefined;
    }
  | {
      cardNumber: string;
      programId?: undefined;
      customerId?: undefined;
      cardId?: undefined;
      qrToken?: undefined;
    }
  | {
      qrToken: string;
      programId?: undefined;
      customerId?: undefined;
      cardId?: undefined;
      cardNumber?: undefined;
    };

export const cardRefShape = {
  programId: identifierSchema.optional(),
  customerId: identifierSchema.optional(),
  cardId: identifierSchema.optional(),
  cardNumber: cardNumberSchema.optional(),
  qrToken: qrTokenSchema.optional(),
};

/** A PIN as a terminal sends it. */
const staffPinSchema = z.strictObject({
  staffId: identifierSchema,
  pin: z.string().regex(/^\d{4,10}$/, { message: 'expected 4 to 10 digits' }),
  terminalId: identifierSchema,
});
const staffSchema = z.union([z.instanceof(StaffProof), staffPinSchema]);

/** Who of the staff confirms: name, PIN and terminal, or the proof that `staff.checkPin` gave. */
export type StaffConfirmation = z.output<typeof staffSchema>;

/** What every command takes beside its card. */
export const circumstanceShape = {
  merchantId: identifierSchema.optional(),
  staff: staffSchema.optional(),
  idempotencyKey: identifierSchema.optional(),
  occurredAt: instantSchema.optional(),
  actor: identifierSchema.optional(),
  locationId: identifierSchema.optional(),
  metadata: metadataSchema.optional(),
};

const commonShape = { ...cardRefShape, ...circumstanceShape };

/** zod schema of a whole number of points, 1 to 10^12. */
export const pointsSchema = z.number().int().min(1).max(maxPointsPerCommand);

interface RefFields {
  programId?: string | undefined;
  customerId?: string | undefined;
  cardId?: string | undefined;
  cardNumber?: string | undefined;
  qrToken?: string | undefined;
}

const waysToName = 'expected programId and customerId, or cardId, cardNumber or qrToken';

/** Refuses anything but exactly one of the ways to name a card. */
export function checkCardRef(ref: RefFields, context: z.core.$RefinementCtx): void {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const [first, ...others] = (['cardId', 'cardNumber', 'qrToken'] as const).filter(
    (way) => ref[way] !== undefined,
  );
  if (first !== undefined) {
    for (const field of ['programId', 'customerId'] as const)
      if (ref[field] !== undefined) refuse(field, `a ${first} already names the card`);
    for (const other of others) refuse(other, `a ${first} already names the card`);
    return;
  }
  if (ref.programId === undefined) refuse('programId', waysToName);
  else if (ref.customerId === undefined) refuse('customerId', waysToName);
}

/** How a store finds the card that a parsed reference names. */
export function keyOfCard({ cardId, cardNumber, qrToken, programId, customerId }: RefFields): CardKey {
  if (cardId !== undefined) return { cardId };
  if (cardNumber !== undefined) return { name: nameOfNumber(cardNumber) };
  if (qrToken !== undefined) return { name: nameOfQrToken(qrToken) };
  return { programId: programId ?? '', customerId: customerId ?? '' };
}

/**
 * Whether the card that was found is the one that was meant: of the merchant that is named, with the QR token that was
 * shown, which takes as long to compare wherever it differs.
 */
export function admitsCard(
  { qrToken, merchantId }: Pick<RefFields, 'qrToken'> & { merchantId?: string | undefined },
  { card, versions }: CardState,
): boolean {
  if (merchantId !== undefined && versions[0]?.merchantId !== merchantId) return false;
  return qrToken === undefined || isSameText(card.qrToken, qrToken);
}

/** The schema of a command: what all commands take, and what this one takes. Unknown fields are refused. */
export function commandSchema<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ ...commonShape, ...shape }).superRefine((command, context) => {
    checkCardRef(command as RefFields, context);
  });
}

/** The schema of what is done to a card itself: with a reason, and the actor who answers for it. */
export const answeredSchema = commandSchema({ reason: noteSchema }).refine(
  ({ actor }) => actor !== undefined,
  {
    path: ['actor'],
    message: 'expected who answers for it',
  },
);

type Common = z.output<z.ZodObject<typeof commonShape>>;

/** What every parsed command has. */
export type ParsedCommand = { [Name in keyof Common]?: Common[Name] } & {
  /** The card that everything of a merged one went to, where the engine has it at hand. */
  heir?: CardState;
};

/** What a caller writes: the command's own fields, the common ones, and one way to name the card. */
export type CommandInput<Schema extends z.ZodType> = Omit<z.input<Schema>, keyof typeof cardRefShape> &
  CardRef;

/** What a command touches, beside its card, so that a store can load it. */
export interface Reach {
  orders?: readonly string[];
  holds?: readonly string[];
  entries?: readonly number[];
  /** Codes of vouchers. */
  vouchers?: readonly string[];
  /** Rewards of the catalogue that it may redeem. */
  rewards?: readonly string[];
  /** The most points it takes from lots in burn order. */
  burn?: number;
  /** True where the lot that ends next is asked for. */
  endingNext?: boolean;
  /** True where it may also take what its orders earned, its holds hold or its entries moved. */
  takesBack?: boolean;
}

/** Where new ids and random numbers come from. */
export interface Random {
  /** A new id for a card or a hold. Must never repeat. */
  next(): string;
  /** Random bytes that nobody can guess: card numbers, QR tokens, voucher codes and PINs are made of them. */
  bytes(count: number): Uint8Array;
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
  /** Adds what only the engine can give: the id of what the command makes, or a code that nobody can guess. */
  stamp?(command: z.output<Schema>, random: Random): Stamped;
  /** How to find the card, where the command names it by something of its own. */
  cardKey?(command: z.output<Schema>): CardKey;
  /** What to answer where there is no such card. Default: CARD_NOT_FOUND. */
  ifAbsent?: RefusalCode;
  /** True where it goes on with what a card had before it was merged into another one. */
  settlesMerged?: boolean;
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
