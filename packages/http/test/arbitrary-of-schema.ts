import fc from 'fast-check';

/** A schema of the OpenAPI document: JSON Schema as far as it is used there. */
export interface DocumentSchema {
  $ref?: string;
  type?: string | string[];
  properties?: Readonly<Record<string, DocumentSchema>>;
  required?: readonly string[];
  items?: DocumentSchema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly DocumentSchema[];
  oneOf?: readonly DocumentSchema[];
}

/** Stands for something that exists by then: `at`, from 0 to 1, says which one of those of that name. */
export class Known {
  readonly name: string;
  readonly at: number;
  constructor(name: string, at: number) {
    this.name = name;
    this.at = at;
  }
}

/** Fields whose values name something, by what they name. */
const naming: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['programId', 'customerId', 'cardId', 'cardNumber', 'qrToken', 'merchantId', 'locationId', 'staffId'],
    ...['terminalId', 'orderId', 'holdId', 'rewardId', 'entry', 'code', 'cursor', 'sku', 'category', 'pin'],
    ...['timeZone', 'currency'],
  ].map((name) => [name, name]),
);

const fraction = fc.noBias(fc.nat({ max: 999 })).map((thousandth) => thousandth / 1000);

/** Mostly something that exists, under the name of a field or of a part of a path. */
export function known(name: string): fc.Arbitrary<unknown> {
  return fraction.map((at) => new Known(name, at));
}

const anyWord = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'tea', 'bandra', 'Ōsaka 大阪', "O'Hara; --") },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
);
const amount = fc
  .tuple(fc.integer({ min: 0, max: 3000 }), fc.constantFrom('', '', '.5', '.90', '.00', '.001'))
  .map(([whole, rest]) => `${whole}${rest}`);
const beginning = Date.parse('2026-01-15T10:00:00Z');
const instant = fc
  .integer({ min: -60 * 24 * 40, max: 60 * 24 * 60 })
  .map((minutes) => new Date(beginning + minutes * 60_000).toISOString());

/** Values that a schema of the document takes, most of them of a kind that leads somewhere. */
export function arbitraryOf(
  schema: DocumentSchema,
  schemas: Readonly<Record<string, DocumentSchema>>,
  field = '',
): fc.Arbitrary<unknown> {
  const of = (inner: DocumentSchema, name = '') => arbitraryOf(inner, schemas, name);
  if (schema.$ref) return of(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, field);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const ways = schema.anyOf ?? schema.oneOf;
  if (ways) return fc.oneof(...ways.map((way) => of(way, field)));
  const named = naming[field];
  if (named) return fc.oneof({ weight: 12, arbitrary: known(named) }, { weight: 1, arbitrary: plain() });
  return plain();

  function plain(): fc.Arbitrary<unknown> {
    const types = [schema.type ?? 'object'].flat();
    if (types.includes('object')) return objectOf(schema, of);
    if (types.includes('array'))
      return fc.array(of(schema.items ?? {}, field), { minLength: schema.minItems ?? 0, maxLength: 3 });
    if (types.includes('string')) return textOf(schema, types.includes('number'));
    if (types.includes('boolean')) return fc.boolean();
    if (types.includes('null')) return fc.constant(null);
    return wholeNumberOf(schema);
  }
}

const cardFields = ['programId', 'customerId', 'cardId', 'cardNumber', 'qrToken'];
const waysToNameACard = [
  ['programId', 'customerId'],
  ['programId', 'customerId'],
  ['cardId'],
  ['cardNumber'],
  ['qrToken'],
];

/** Which optional fields lead further, and which lead to a refusal of everything else. */
const oftenGiven = new Set(['total', 'points', 'locationId']);
const seldomGiven = new Set([
  'discount',
  'shipping',
  'tax',
  'staff',
  'occurredAt',
  'currency',
  'paymentStatus',
]);

function objectOf(
  { properties, required = [] }: DocumentSchema,
  of: (schema: DocumentSchema, field: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (!properties) return fc.dictionary(anyWord, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  const namesACard = cardFields.every((name) => Object.hasOwn(properties, name));
  const fields = Object.entries(properties).map(([name, field]) => {
    // An order has an id of its own, which others then name.
    const value =
      name === 'id' && Object.hasOwn(properties, 'paymentStatus') ? known('orderId') : of(field, name);
    if (required.includes(name) || (namesACard && cardFields.includes(name))) return [name, value] as const;
    const often = oftenGiven.has(name) ? 6 : seldomGiven.has(name) ? 1 : 2;
    return [
      name,
      fc.oneof(
        { weight: often, arbitrary: value },
        { weight: 10 - often, arbitrary: fc.constant(undefined) },
      ),
    ] as const;
  });
  const whole = fc.record(Object.fromEntries(fields)).map(tidy);
  if (!namesACard) return whole;
  return fc
    .tuple(whole, fc.constantFrom(...waysToNameACard))
    .map(([object, way]) => leaveOut(object, (name) => cardFields.includes(name) && !way.includes(name)));
}

function tidy(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function leaveOut(fields: object, goes: (name: string) => boolean): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !goes(name)));
}

function textOf({ pattern, format }: DocumentSchema, isAmount: boolean): fc.Arbitrary<unknown> {
  if (isAmount) return fc.oneof(amount, amount, fc.nat({ max: 2000 }));
  if (format === 'date-time') return instant;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return anyWord;
}

function wholeNumberOf({
  minimum = -1_000_000,
  maximum = 1_000_000_000_000,
}: DocumentSchema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -(2 ** 53 - 1)), Math.min(maximum, 2 ** 53 - 1)];
  const small = fc.integer({ min: Math.max(min, -30), max: Math.min(max, 60) });
  return fc.oneof({ weight: 8, arbitrary: small }, { weight: 1, arbitrary: fc.integer({ min, max }) });
}
