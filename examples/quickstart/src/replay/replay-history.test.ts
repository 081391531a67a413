import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { replayInTest } from './replay-in-test.ts';

const sample = readFileSync(new URL('../../samples/orders.csv', import.meta.url), 'utf8');

/** The printed table of points, without the line that tells how fast it went. */
const pointsOf = (output: string) =>
  output.slice(output.indexOf('  Earned'), output.indexOf('\nverify')).trimEnd();

const points = {
  earn: { points: 1, perAmount: '10' },
  // Nobody in these small stories has a million points: nothing is spent unless a test says so.
  redeem: { valuePerPoint: '1', minPoints: 1_000_000 },
};
const program = {
  id: 'shop',
  merchantId: 'shop',
  name: 'Shop',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  points,
};
const byLine = 'order_id,customer_id,placed_at,sku,quantity,unit_price,kind,returns_order_id\n';

describe('the sample', () => {
  test('replays to known totals', async () => {
    const { code, output } = await replayInTest(sample);
    expect(code).toBe(0);
    expect(output).toContain(
      '424 rows: 185 orders and 17 returns of 18 customers, 6 Jan 2024 to 12 Jun 2025',
    );
    expect(pointsOf(output)).toMatchInlineSnapshot(`
      "  Earned       +50,039  on orders of ₹6,97,520.11
        Spent        −43,846  paid ₹43,846.00 of orders
        Given back      +973  had been spent on what came back
        Clawed back   −1,474  on returns, which brought ₹19,187.39 back in money
        Expired         −620
        Outstanding    5,072  a liability of ₹5,072.00"
    `);
    expect(output).toContain('verify: 364 entries of 18 cards replayed; the books balance.');
    expect(output).toContain('Left out 10 of 424 rows');
  });

  test('lists every row that was left out with its line', async () => {
    const { report, output } = await replayInTest(sample);
    expect(report).toMatchInlineSnapshot(`
      [
        "41,broken,A2001,C003,unit_price '99.995' has more than 2 decimals",
        "81,no-customer,A2002,,has no customer_id",
        "121,broken,A2003,C004,placed_at '2024-06-31T10:00:00+05:30' is no date",
        "161,broken,A2004,C005,quantity -3 is negative",
        "201,broken,A2005,C006,kind 'gift' is neither sale nor return",
        "281,broken,A2007,C008,"has 7 fields, the header has 9"",
        "116,unmatched-return,R1052,C001,order A1030 does not hold 1 of the 2 × BRASS-LAMP",
        "176,unmatched-return,R1078,C001,order A1061 does not hold 2 × TEA-TIN",
        "241,unmatched-return,R2006,C007,order A9999 is no earlier order of this customer",
        "301,unmatched-return,R2008,C001,names no order",
      ]
    `);
    expect(output).toContain("line 41     A2001: unit_price '99.995' has more than 2 decimals");
  });

  test('gives the same with CRLF, packed by gzip, and with its rows in any order', async () => {
    const { output } = await replayInTest(sample);
    const [header, ...rows] = sample.trimEnd().split('\n');
    const others = [
      await replayInTest(sample.replaceAll('\n', '\r\n')),
      await replayInTest(gzipSync(sample), { name: 'orders.csv.gz' }),
      await replayInTest([header, ...rows.toReversed()].join('\n')),
    ];
    for (const other of others) expect(pointsOf(other.output)).toBe(pointsOf(output));
  });

  test('with strict the rows that were left out make the exit code 2', async () => {
    expect((await replayInTest(sample, { strict: true })).code).toBe(2);
    const clean = 'order_id,customer_id,placed_at,total\nA1,C1,2024-01-01,500\n';
    expect((await replayInTest(clean, { strict: true })).code).toBe(0);
  });
});

describe('orders', () => {
  test('earn on their total, spend by the rule, and lose what ended by the first of the next month', async () => {
    const orders = `order_id,customer_id,placed_at,total
A1,C1,2024-01-10,1000.00
A2,C1,2024-02-05,60.00
A3,C1,2024-06-20,0.00
`;
    const spending = { ...points, redeem: { valuePerPoint: '1', maxShareOfOrder: '0.5' } };
    const expiry = { kind: 'after-earning', months: 2 };
    const { output } = await replayInTest(orders, {
      mapping: { program: { ...program, points: { ...spending, expiry } } },
    });
    // 100 points of A1; 30 of them pay half of A2, whose other 30 rupees earn 3; 70 and 3 end in March and April.
    expect(pointsOf(output)).toMatchInlineSnapshot(`
      "  Earned       +103  on orders of ₹1,060.00
        Spent         −30  paid ₹30.00 of orders
        Clawed back     0
        Expired       −73
        Outstanding     0  a liability of ₹0.00"
    `);
  });

  test('rows of one order form it wherever they stand, at the time of the first', async () => {
    const { output, report } = await replayInTest(`${byLine}A1,C1,2024-01-01T10:00:00Z,TEA,1,55,,
A2,C2,2024-01-01T10:00:00Z,TEA,1,40,,
A1,C1,2024-01-01T10:01:00Z,TEA,1,55,,
`);
    expect(report).toEqual([]);
    expect(output).toContain('3 rows: 2 orders');
    // Alone, 55 and 55 rupees would earn 5 and 5.
    expect(output).toContain('Earned       +15');
  });

  test('an id is made from customer and day; a second total of the day is an order of its own', async () => {
    const { output, report } = await replayInTest(
      ' customer_id  date number dollar\r\n 00001 19970101  1   20.00\r\n 00001 19970101  2   10.00\r\n 00002 19970101 1 0.00\r\n',
      {
        mapping: {
          columns: { placed_at: 'date', total: 'dollar' },
          dateFormat: 'yyyyMMdd',
          missingOrderId: 'customer-and-date',
          program: { ...program, currency: 'USD', timeZone: 'America/New_York' },
        },
      },
    );
    expect(report).toEqual([]);
    expect(output).toContain('3 rows: 3 orders and 0 returns of 2 customers, 1 Jan 1997 to 1 Jan 1997');
    expect(output).toMatch(/Earned +\+3 +on orders of \$30\.00/);
  });
});

describe('returns', () => {
  const story = `${byLine}A1,C1,2024-01-01,TEA,3,100,,
A2,C1,2024-02-01,TEA,2,200,,
A2,C1,2024-02-01,CUP,1,50,,
A3,C2,2024-02-01,TEA,9,100,,
`;
  const latest = { program, returns: { withoutReference: 'latest-order-with-sku' } };

  test('one that names an order takes from that order only', async () => {
    const { output, report } = await replayInTest(`${story}R1,C1,2024-03-01,TEA,-2,100,return,A1\n`);
    expect(report).toEqual([]);
    expect(output).toContain('brought ₹200.00 back');
    expect(output).toMatch(/Clawed back +−20 /);
  });

  test('one without a reference takes from the latest order that holds the sku, then from the one before', async () => {
    const { output, report } = await replayInTest(`${story}R1,C1,2024-03-01,TEA,3,100,return,\n`, {
      mapping: latest,
    });
    expect(report).toEqual([]);
    expect(output).toContain('brought ₹500.00 back');
  });

  test('what no earlier order of the customer holds is listed, with how many pieces', async () => {
    const { report, output } = await replayInTest(
      `${story}R1,C1,2024-03-01,TEA,7,100,return,\nR2,C1,2024-03-02,TEA,1,100,return,\nR3,C2,2024-01-15,TEA,1,100,return,\n`,
      { mapping: latest },
    );
    expect(report).toEqual([
      '8,unmatched-return,R3,C2,no earlier order still holds 1 × TEA',
      '6,unmatched-return,R1,C1,no earlier order still holds 2 of the 7 × TEA',
      '7,unmatched-return,R2,C1,no earlier order still holds 1 × TEA',
    ]);
    expect(output).toContain('brought ₹700.00 back');
  });

  test('one that names nothing, or an order of somebody else, matches nothing', async () => {
    const { report } = await replayInTest(
      `${story}R1,C1,2024-03-01,TEA,1,100,return,\nR2,C1,2024-03-02,TEA,1,100,return,A3\nR3,C1,2024-03-03,SAUCER,1,9,return,A1\n`,
    );
    expect(report).toEqual([
      '6,unmatched-return,R1,C1,names no order',
      '7,unmatched-return,R2,C1,order A3 is no earlier order of this customer',
      '8,unmatched-return,R3,C1,order A1 does not hold 1 × SAUCER',
    ]);
  });

  test('one by total takes an amount, and never more than is left', async () => {
    const { output, report } = await replayInTest(`order_id,customer_id,placed_at,total,kind,returns_order_id
A1,C1,2024-01-01,100,sale,
R1,C1,2024-01-02,-60,return,A1
R2,C1,2024-01-03,60,return,A1
`);
    expect(output).toContain('brought ₹60.00 back');
    expect(report).toEqual([
      '4,unmatched-return,R2,C1,the engine refuses it against order A1: The refund is more than what is left of the order.',
    ]);
  });

  test('an id prefix marks a return, and a customer id loses its suffix', async () => {
    const { output, report } = await replayInTest(
      'No,Who,When,Code,Pieces,Price\n1,7.0,2024-01-01 10:00:00,X,4,10\nC2,7.0,2024-01-02 10:00:00,X,-1,10\n',
      {
        mapping: {
          columns: {
            order_id: 'No',
            customer_id: 'Who',
            placed_at: 'When',
            sku: 'Code',
            quantity: 'Pieces',
            unit_price: 'Price',
          },
          dateFormat: 'yyyy-MM-dd HH:mm:ss',
          customerIdSuffix: '.0',
          returns: { orderIdPrefix: 'C', withoutReference: 'latest-order-with-sku' },
          program,
        },
      },
    );
    expect(report).toEqual([]);
    expect(output).toContain('1 orders and 1 returns of 1 customers');
    expect(output).toContain('brought ₹10.00 back');
  });
});

describe('rows that make no sense', () => {
  test.each([
    ['A1,,2024-01-01,TEA,1,10,,', 'no-customer', 'has no customer_id'],
    ['A1,C1,2024-01-01,TEA,1,10', 'broken', '"has 6 fields, the header has 8"'],
    [',C1,2024-01-01,TEA,1,10,,', 'broken', 'has no order_id'],
    ['A1,C1,2024-13-01,TEA,1,10,,', 'broken', "placed_at '2024-13-01' is no date"],
    ['A1,C1,2024-01-01,TEA,0,10,,', 'broken', '"quantity 0 is not 1 to 1,000,000"'],
    ['A1,C1,2024-01-01,TEA,-1,10,,', 'broken', 'quantity -1 is negative'],
    ['A1,C1,2024-01-01,TEA,1.5,10,,', 'broken', "quantity '1.5' is no whole number"],
    ['A1,C1,2024-01-01,TEA,,10,,', 'broken', "quantity '' is no whole number"],
    ['A1,C1,2024-01-01,TEA,1,-10,,', 'broken', 'unit_price -10 is negative'],
    ['A1,C1,2024-01-01,TEA,1,10.005,,', 'broken', "unit_price '10.005' has more than 2 decimals"],
    ['A1,C1,2024-01-01,TEA,1,,,', 'broken', 'has neither a total nor a unit_price'],
    ['A1,C1,2024-01-01,TEA,1,10,gift,', 'broken', "kind 'gift' is neither sale nor return"],
    ['A0,C2,2024-01-01,TEA,1,10,,', 'broken', '"order A0 is customer C1\'s by line 2"'],
    ['A0,C1,2024-01-01,TEA,1,10,return,', 'broken', '"order A0 is a sale by line 2"'],
    [`${'A'.repeat(201)},C1,2024-01-01,TEA,1,10,,`, 'broken', 'the engine refuses the order: order.id'],
  ])('%s', async (row, why, reason) => {
    const { code, output, report } = await replayInTest(`${byLine}A0,C1,2024-01-01,TEA,1,10,,\n${row}\n`);
    expect(code).toBe(0);
    expect(report).toHaveLength(1);
    expect(report[0]).toContain(`3,${why},`);
    expect(report[0]).toContain(reason.replaceAll('"', ''));
    expect(output).toContain('Left out 1 of 2 rows');
    expect(output).toContain('Earned       +1');
  });

  test('lines and a total that disagree are listed, not mended', async () => {
    const { report } = await replayInTest(
      'order_id,customer_id,placed_at,total,quantity,unit_price\nA1,C1,2024-01-01,30,1,10\nA1,C1,2024-01-01,30,1,10\n',
    );
    expect(report).toEqual([
      '2,broken,A1,C1,"the lines of order A1 add up to 20.00, line 2 gives a total of 30.00"',
      '3,broken,A1,C1,"the lines of order A1 add up to 20.00, line 2 gives a total of 30.00"',
    ]);
  });

  test('an order that comes again by total is listed with the line where it came first', async () => {
    const { report } = await replayInTest(
      'order_id,customer_id,placed_at,total\nA1,C1,2024-01-01,30\nA1,C1,2024-01-01,30\n',
    );
    expect(report).toEqual(['3,broken,A1,C1,"order A1 came before, in line 2"']);
  });
});

describe('what is wrong with a mapping or a header is said in one line', () => {
  test.each([
    [{ programme: {} }, /mapping .*mapping\.json: programme: unknown field/],
    [{ columns: { order_no: 'x' } }, /columns/],
    [{ dateFormat: 'YYYY-DD' }, /dateFormat: expected date-fns tokens/],
    [{ returns: { withoutReference: 'guess' } }, /returns\.withoutReference: /],
    [{ program: { ...program, currency: 'RUPEE' } }, /program\.currency: expected an ISO 4217/],
    [
      { program: { ...program, points: { ...points, earn: { points: 0, perAmount: '1' } } } },
      /program\.points\.earn\.points: /,
    ],
    ['{ "columns": ', /mapping\.json is not JSON: /],
    [
      { columns: { total: 'Amount' } },
      /no column 'Amount' \(the mapping's columns\.total\); it has order_id, /,
    ],
  ])('%j', async (mapping, message) => {
    const orders = 'order_id,customer_id,placed_at,total\nA1,C1,2024-01-01,30\n';
    await expect(replayInTest(orders, { mapping })).rejects.toThrow(message);
  });

  test.each([
    ['', /the file of orders is empty/],
    ['order_id,placed_at,total\n', /no column 'customer_id'/],
    ['customer_id,placed_at,total\n', /no column 'order_id' \(or a mapping with missingOrderId\)/],
    ['order_id,customer_id,placed_at,quantity\n', /no column 'total' \(or quantity and unit_price/],
    ['order_id,customer_id,placed_at,total,total\n', /the column 'total' twice/],
  ])('%j', async (orders, message) => {
    await expect(replayInTest(orders)).rejects.toThrow(message);
  });
});
