import { identifierSchema, orderSchema } from '@loyalty-engine/core';
import { z } from 'zod';

/** What the API itself says of every command: the header, the principal and the path know it. */
const known = ['merchantId', 'idempotencyKey', 'actor'] as const;
const cardRefs = ['programId', 'customerId', 'cardId', 'cardNumber', 'qrToken'] as const;

/** What fields are for that many requests have: the engine's schemas say only what may be in them. */
const descriptions: Readonly<Record<string, string>> = {
  programId:
    'With `customerId`: whose card, by customer. Instead of it one of `cardId`, `cardNumber` and `qrToken`.',
  customerId: "The shop's own name for the customer.",
  cardId: 'Which card, by its id.',
  cardNumber: 'Which card, by its number, with or without dashes.',
  qrToken: 'Which card, by what its QR code says.',
  locationId: "Where it happens. A till's own location, which it may leave out.",
  occurredAt: 'When it happened, where that was before now: an offline till sends later. Default: now.',
  orderId: "The shop's own name for the order.",
  holdId: 'The reservation, as the answer that made it names it.',
  entry: "The number of the entry in the card's ledger.",
  points: 'Whole points.',
  clamp: 'True: where that is more than may be spent, spend the most that may be.',
  code: 'The code of the voucher, with or without dashes, in small or capital letters.',
  reason: 'Why, in a line: it is kept.',
  reasonCode: 'Why, as a code of your own: it is kept.',
};
const queryDescriptions: Readonly<Record<string, string>> = {
  limit: 'How many at most on a page.',
  cursor: 'Where the page begins: `nextCursor` of the one before.',
};

/** The order as one component of the document: many requests have one. */
const order = orderSchema.meta({
  id: 'Order',
  description:
    'An order: `total`, which is all that the customer owes, or `lines` with `shipping`, `tax` and `discount` beside them; with both they agree.',
});

/** A field with what it is for, where it does not say so itself. */
function described(name: string, field: z.core.$ZodType | undefined, by = descriptions) {
  const schema = field as z.ZodType;
  // In a query the name is that of a direction to read in.
  if (name === 'order' && by === descriptions)
    return schema.safeParse(undefined).success ? order.optional() : order;
  const description = by[name];
  return description === undefined || schema.description !== undefined
    ? schema
    : schema.describe(description);
}

type Known = (typeof known)[number];
type CardRefField = (typeof cardRefs)[number];

/** A PIN as a terminal sends it: the engine's own schema also takes proofs, which never leave a process. */
const staffSchema = z
  .strictObject({
    staffId: identifierSchema,
    pin: z.string().regex(/^\d{4,10}$/),
    terminalId: identifierSchema,
  })
  .meta({ id: 'StaffPin', description: 'Who of the staff confirms it, at which terminal.' });

type WithStaff<Shape> = {
  [Name in keyof Shape]: Name extends 'staff' ? z.ZodOptional<typeof staffSchema> : Shape[Name];
};

function without<Shape extends z.ZodRawShape, Left extends string>(
  shape: Shape,
  left: readonly Left[],
): z.ZodObject<WithStaff<Omit<Shape, Left>>, z.core.$strict> {
  const kept = Object.entries(shape).filter(([name]) => !left.includes(name as Left));
  const fields = Object.fromEntries(
    kept.map(([name, field]) => [name, name === 'staff' ? staffSchema.optional() : described(name, field)]),
  );
  return z.strictObject(fields) as never;
}

/** The body of a command that names its card itself: by customer, id, number or QR token. */
export function commandBody<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  return without<Shape, Known>(schema.shape, known);
}

/** The body of a command whose card is in the path. */
export function cardCommandBody<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  return without<Shape, Known | CardRefField>(schema.shape, [...known, ...cardRefs]);
}

/** The body of something whose path names parts of it. */
export function bodyWithout<Shape extends z.ZodRawShape, Left extends string = never>(
  schema: z.ZodObject<Shape>,
  ...left: Left[]
) {
  return without<Shape, Known | Left>(schema.shape, [...known, ...left]);
}

/** The body of which a caller says only a few fields: everything else is not theirs to say. */
export function bodyOf<Shape extends z.ZodRawShape, Name extends keyof Shape & string>(
  schema: z.ZodObject<Shape>,
  ...names: Name[]
): z.ZodObject<Pick<Shape, Name>, z.core.$strict> {
  return z.strictObject(
    Object.fromEntries(names.map((name) => [name, described(name, schema.shape[name])])),
  ) as never;
}

/** The query of a reading, without what the path or the principal says. */
export function queryWithout<Shape extends z.ZodRawShape, Left extends string = never>(
  schema: z.ZodObject<Shape>,
  ...left: Left[]
): z.ZodObject<Omit<Shape, Left>, z.core.$strict> {
  const kept = Object.entries(schema.shape).filter(([name]) => !left.includes(name as Left));
  return z.strictObject(
    Object.fromEntries(kept.map(([name, field]) => [name, described(name, field, queryDescriptions)])),
  ) as never;
}
