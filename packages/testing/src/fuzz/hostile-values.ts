/** A value that no caller should send, by a name that a report can show. Made anew each time, as some are mutable. */
export type HostileValue = readonly [name: string, make: () => unknown];

const boom = () => {
  throw new Error('a trap of the caller');
};
const megabyte = 'x'.repeat(1_000_000);
const longArray = Array.from({ length: 100_000 }, (_, index) => index);

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
}
const deepArray = nested(10_000, (inner) => [inner]);
const deepObject = nested(10_000, (inner) => ({ inner }));

function circular(): unknown {
  const ring: Record<string, unknown> = {};
  ring.ring = ring;
  return ring;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const allTraps: ProxyHandler<object> = {
  get: boom,
  has: boom,
  ownKeys: boom,
  getPrototypeOf: boom,
  getOwnPropertyDescriptor: boom,
};

class Order {
  readonly id = 'A';
  readonly total = '10';
}

/** Passes for a Decimal of decimal.js at first sight, which looks at the tag only. */
function decimalLike(text: () => unknown, finite = true): unknown {
  return { toStringTag: '[object Decimal]', isFinite: () => finite, isNegative: () => false, toFixed: text };
}

const texts = [
  '',
  ' ',
  '1e3',
  '-1',
  '-0',
  '0x10',
  ' 5',
  '5 ',
  '٣',
  '１２',
  '1,5',
  '1_000',
  '.5',
  '5.',
  '+5',
  'NaN',
  'Infinity',
  '0'.repeat(40),
  '9'.repeat(17),
  '9999999999999999',
  `0.${'0'.repeat(18)}1`,
  '0.001',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'a\0b',
  '\ud800',
  'a\udfff',
  '\n',
  '\u202e',
  'x'.repeat(201),
  '🎁'.repeat(200),
  '2026-01-15',
  '2026-01-15T10:00:00',
  '2026-13-45T10:00:00Z',
  '2026-02-30T10:00:00Z',
  '2026-01-15T24:00:00Z',
  '+275760-09-13T00:00:00Z',
  '9999-12-31T23:59:59Z',
  'null',
  "'; DROP TABLE loyalty_cards; --",
  '{"a":1}',
  '%s%n',
];

const numbers = [
  -0,
  0,
  -1,
  0.1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e308,
  5e-324,
  2 ** 53,
  2 ** 53 - 1,
  -(2 ** 53),
  1_000_000_000_001,
  0.1 + 0.2,
];

/** Everything that has ever broken a parser, and then some. */
export const hostileValues: readonly HostileValue[] = [
  ...texts.map((text): HostileValue => [`the text ${JSON.stringify(text).slice(0, 60)}`, () => text]),
  ...numbers.map(
    (number): HostileValue => [`the number ${Object.is(number, -0) ? '-0' : number}`, () => number],
  ),
  ['undefined', () => undefined],
  ['null', () => null],
  ['true', () => true],
  ['a text of a megabyte', () => megabyte],
  ['an array of 100,000', () => longArray],
  ['an array 10,000 deep', () => deepArray],
  ['an object 10,000 deep', () => deepObject],
  ['a sparse array', () => new Array(5)],
  ['an array as long as can be', () => new Array(2 ** 32 - 1)],
  ['an empty array', () => []],
  ['an empty object', () => ({})],
  ['a frozen object', () => Object.freeze({ id: 'A', total: '10' })],
  ['an object without a prototype', () => Object.assign(Object.create(null), { id: 'A', total: '10' })],
  [
    'an object with an own __proto__',
    () => JSON.parse('{"__proto__":{"polluted":true},"id":"A","total":"10"}'),
  ],
  ['an object with an own constructor', () => JSON.parse('{"constructor":{"prototype":{"polluted":true}}}')],
  ['an object with inherited fields', () => Object.create({ id: 'A', total: '10', polluted: true })],
  ['a class instance', () => new Order()],
  ['a ring', circular],
  ['a symbol', () => Symbol('hostile')],
  ['a function', () => () => '10'],
  ['a class', () => Order],
  ['a bigint', () => 10n],
  ['a boxed text', () => new String('10')],
  ['a boxed number', () => new Number(10)],
  ['a date that is none', () => new Date(Number.NaN)],
  ['the last date', () => new Date(8.64e15)],
  ['a date before 1970', () => new Date(-1)],
  ['a date whose time is a trap', () => Object.assign(new Date(0), { getTime: boom })],
  ['a map', () => new Map([['id', 'A']])],
  ['a set', () => new Set(['A'])],
  ['a regular expression', () => /(a+)+$/],
  ['bytes', () => new Uint8Array(10)],
  ['an error', () => new Error('hostile')],
  ['a promise', () => Promise.resolve('A')],
  // biome-ignore lint/suspicious/noThenProperty: a trap for whoever awaits an input
  ['a thenable', () => ({ then: boom })],
  ['a proxy whose traps throw', () => new Proxy({}, allTraps)],
  ['a proxy of an array whose traps throw', () => new Proxy([], allTraps)],
  ['a revoked proxy', revoked],
  ['an object whose getter throws', () => Object.defineProperty({}, 'id', { get: boom, enumerable: true })],
  ['an object whose toString and toJSON throw', () => ({ toString: boom, toJSON: boom, valueOf: boom })],
  ['a Decimal-like NaN', () => decimalLike(() => 'NaN', false)],
  ['a Decimal-like that says 1e3', () => decimalLike(() => '1e3')],
  ['a Decimal-like that throws', () => decimalLike(boom)],
  ['a Decimal-like without methods', () => ({ toStringTag: '[object Decimal]' })],
  [
    'a Decimal-like that is its own text',
    () => {
      const endless: Record<string, unknown> = decimalLike(() => endless) as Record<string, unknown>;
      return endless;
    },
  ],
];
