import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createLoyalty,
  decideEarn,
  earnSchema,
  newCardState,
  nextVersion,
  type Outcome,
  parseInput,
  programSchema,
  type RefusalCode,
  refusalMessages,
} from '@loyalty-engine/core';
import { awarded, earned, exampleProgram, given, manualClock, memoryStore } from '@loyalty-engine/testing';
import { expect, it } from 'vitest';
import { cardRefusals, type Provoke } from './check/card-refusals.ts';
import { readPage, root } from './check/read-page.ts';

const january = '2026-01-15T10:00:00Z';
const february = '2026-02-15T10:00:00Z';
const order = { id: 'A', total: '500' };
const reason = 'test';
const bought = { earn: { order }, at: january };
const points = (changed: object) => ({
  ...exampleProgram,
  points: { ...exampleProgram.points, ...changed },
});
const redeem = (limits: object) => points({ redeem: { valuePerPoint: '1', ...limits } });
const member = { programId: exampleProgram.id, customerId: 'member' };

const one = (outcome: () => Outcome<object>): Provoke[] => [outcome];
const asItIs = (outcome: Outcome<object>) => outcome;

async function engine() {
  const loyalty = createLoyalty({ store: memoryStore(), clock: manualClock(january), maxQueue: 1 });
  await loyalty.programs.publish(exampleProgram);
  return loyalty;
}

/** Every refusal, provoked in the ways that give it different facts. */
const provocations: Record<RefusalCode, Provoke[]> = {
  NO_ACTIVE_PROGRAM: one(() =>
    given([])
      .under({ ...exampleProgram, effectiveFrom: february })
      .when({ earn: { order } })
      .at(january)
      .then(asItIs),
  ),
  CARD_NOT_FOUND: [
    () =>
      given([])
        .under({ ...exampleProgram, enrolment: 'explicit' })
        .when({ earn: { order } })
        .at(january)
        .then(asItIs),
    async () => (await engine()).earn({ cardId: 'unknown', order }),
  ],
  CARD_INACTIVE: one(() => {
    const version = nextVersion([], parseInput(programSchema, exampleProgram), 0);
    const state = newCardState({ cardId: 'card', ...member }, [version]);
    state.card.status = 'inactive';
    return decideEarn(state, parseInput(earnSchema, { ...member, order }), Date.parse(january)).outcome;
  }),
  IDEMPOTENCY_KEY_REUSED: [
    async () => {
      const loyalty = await engine();
      await loyalty.earn({ ...member, order });
      return loyalty.earn({ ...member, order: { id: 'A', total: '700' } });
    },
  ],
  OVERLOADED: [
    async () => {
      const loyalty = await engine();
      const [, second] = await Promise.all([
        loyalty.earn({ ...member, order }),
        loyalty.earn({ ...member, order: { id: 'B', total: '1' } }),
      ]);
      return second;
    },
  ],
  BALANCE_LIMIT: [
    () =>
      given([awarded(90, { at: january })])
        .under(points({ maxBalance: 100 }))
        .when({ award: { points: 20, source: { type: 'test', id: '1' }, reason } })
        .at(february)
        .then(asItIs),
    () =>
      given([awarded(Number.MAX_SAFE_INTEGER, { at: january })])
        .when({ award: { points: 20, source: { type: 'test', id: '1' }, reason } })
        .at(february)
        .then(asItIs),
    () =>
      given([])
        .under(points({ earn: { points: 1_000_000, perAmount: '0.01' } }))
        .when({ earn: { order: { id: 'A', total: '1000000' } } })
        .at(january)
        .then(asItIs),
  ],
  ORDER_NOT_PAID: one(() =>
    given([])
      .when({ earn: { order: { ...order, paymentStatus: 'failed' } } })
      .at(january)
      .then(asItIs),
  ),
  ORDER_ALREADY_EARNED: [
    () => given([bought]).when({ earn: { order } }).at(january).then(asItIs),
    () =>
      given([bought])
        .when({ redeem: { order, points: 1 } })
        .at(january)
        .then(asItIs),
  ],
  ORDER_ALREADY_REFUNDED: one(() =>
    given([
      awarded(10, { at: january }),
      { redeem: { order, points: 10 }, at: january },
      { refund: { orderId: 'A', reason }, at: january },
    ])
      .when({ earn: { order } })
      .at(january)
      .then(asItIs),
  ),
  ORDER_MISMATCH: one(() =>
    given([awarded(10, { at: january }), { redeem: { order, points: 10 }, at: january }])
      .when({ earn: { order: { id: 'A', total: '700' } } })
      .at(january)
      .then(asItIs),
  ),
  EARN_NOT_PENDING: one(() =>
    given([bought])
      .when({ confirmEarn: { orderId: 'A' } })
      .at(january)
      .then(asItIs),
  ),
  NOT_ENOUGH_POINTS: [
    () =>
      given([earned(50, { at: january })])
        .under(redeem({ minPoints: 2, increment: 2 }))
        .when({ redeem: { points: 52 } })
        .at(january)
        .then(asItIs),
    () =>
      given([])
        .when({ adjust: { points: -1, reasonCode: 'test', actor: 'a' } })
        .at(january)
        .then(asItIs),
    () =>
      given([earned(50, { at: january }), { hold: { points: 20 }, at: january }])
        .when({ capture: { holdId: 'hold-1', points: 21 } })
        .at(january)
        .then(asItIs),
  ],
  MAX_POINTS_PER_ORDER: one(() =>
    given([earned(500, { at: january })])
      .under(redeem({ maxPointsPerOrder: 100, minPoints: 2, increment: 2 }))
      .when({ redeem: { order, points: 102 } })
      .at(january)
      .then(asItIs),
  ),
  MAX_SHARE_OF_ORDER: one(() =>
    given([earned(500, { at: january })])
      .under(redeem({ maxShareOfOrder: '0.1', minPoints: 2, increment: 2 }))
      .when({ redeem: { order, points: 60 } })
      .at(january)
      .then(asItIs),
  ),
  EXCEEDS_PAYABLE: [
    () =>
      given([earned(900, { at: january })])
        .under(redeem({ minPoints: 2, increment: 2 }))
        .when({ redeem: { order, points: 600 } })
        .at(january)
        .then(asItIs),
    () =>
      given([
        earned(900, { at: january }),
        { checkoutStart: { order, points: 400, holdMinutes: 1 }, at: january },
        { redeem: { order, points: 300 }, at: february },
      ])
        .when({ capture: { holdId: 'hold-1' } })
        .at(february)
        .then(asItIs),
  ],
  NOT_A_MULTIPLE: one(() =>
    given([earned(500, { at: january })])
      .under(redeem({ increment: 10, minPoints: 2 }))
      .when({ redeem: { points: 15 } })
      .at(january)
      .then(asItIs),
  ),
  BELOW_MIN_POINTS: [
    () =>
      given([earned(500, { at: january })])
        .under(redeem({ increment: 10, minPoints: 20 }))
        .when({ redeem: { points: 10 } })
        .at(january)
        .then(asItIs),
    () =>
      given([earned(500, { at: january })])
        .under(redeem({ valuePerPoint: '0.003' }))
        .when({ redeem: { points: 3 } })
        .at(january)
        .then(asItIs),
  ],
  HOLD_NOT_FOUND: one(() =>
    given([])
      .when({ release: { holdId: 'x' } })
      .at(january)
      .then(asItIs),
  ),
  HOLD_EXPIRED: one(() =>
    given([
      earned(50, { at: january }),
      { hold: { points: 20, holdMinutes: 1 }, at: january },
      { redeem: { points: 40 }, at: february },
    ])
      .when({ capture: { holdId: 'hold-1' } })
      .at(february)
      .then(asItIs),
  ),
  HOLD_ALREADY_CAPTURED: one(() =>
    given([
      earned(50, { at: january }),
      { hold: { points: 20 }, at: january },
      { capture: { holdId: 'hold-1' }, at: january },
    ])
      .when({ release: { holdId: 'hold-1' } })
      .at(january)
      .then(asItIs),
  ),
  HOLD_ALREADY_RELEASED: one(() =>
    given([
      earned(50, { at: january }),
      { hold: { points: 20 }, at: january },
      { release: { holdId: 'hold-1' }, at: january },
    ])
      .when({ capture: { holdId: 'hold-1' } })
      .at(january)
      .then(asItIs),
  ),
  HOLD_WITHOUT_ORDER: one(() =>
    given([earned(50, { at: january }), { hold: { points: 20 }, at: january }])
      .when({ checkoutComplete: { holdId: 'hold-1' } })
      .at(january)
      .then(asItIs),
  ),
  ORDER_NOT_FOUND: one(() =>
    given([])
      .when({ refund: { orderId: 'A', reason } })
      .at(january)
      .then(asItIs),
  ),
  ORDER_FULLY_REFUNDED: one(() =>
    given([bought, { refund: { orderId: 'A', reason }, at: january }])
      .when({ refund: { orderId: 'A', reason } })
      .at(january)
      .then(asItIs),
  ),
  LINE_NOT_FOUND: one(() =>
    given([bought])
      .when({ refund: { orderId: 'A', lines: [{ sku: 'TEA', quantity: 1 }], reason } })
      .at(january)
      .then(asItIs),
  ),
  REFUND_EXCEEDS_ORDER: [
    () =>
      given([bought])
        .when({ refund: { orderId: 'A', amount: '501', reason } })
        .at(january)
        .then(asItIs),
    () =>
      given([{ earn: { order: { id: 'A', lines: [{ sku: 'TEA', unitPrice: '500' }] } }, at: january }])
        .when({ refund: { orderId: 'A', lines: [{ sku: 'TEA', quantity: 2 }], reason } })
        .at(january)
        .then(asItIs),
  ],
  REFUND_SHORTFALL: one(() =>
    given([bought, { redeem: { points: 30 }, at: january }])
      .under(points({ refunds: { shortfall: 'reject' } }))
      .when({ refund: { orderId: 'A', reason } })
      .at(january)
      .then(asItIs),
  ),
  ENTRY_NOT_FOUND: one(() =>
    given([bought])
      .when({ reverse: { entry: 9, reason } })
      .at(january)
      .then(asItIs),
  ),
  ENTRY_NOT_REVERSIBLE: one(() =>
    given([bought])
      .when({ reverse: { entry: 1, reason } })
      .at(january)
      .then(asItIs),
  ),
  ENTRY_ALREADY_REVERSED: one(() =>
    given([bought, { redeem: { points: 30 }, at: january }])
      .when({ reverse: { entry: 2, points: 31, reason } })
      .at(january)
      .then(asItIs),
  ),
  ...cardRefusals,
};

const { blocks: _blocks, lines } = readPage('docs/refusals.md');
const rows = lines.flatMap((line) => {
  const cells = line.split('|').map((cell) => cell.trim());
  const code = /^`([A-Z_]+)`$/.exec(cells[1] ?? '')?.[1];
  return code ? [{ code, second: cells[2] ?? '', third: cells[3] ?? '', line }] : [];
});
const errorsStart = lines.indexOf('## Errors');
const rowsBefore = rows.filter(({ line }) => lines.indexOf(line) < errorsStart);
const rowsOfErrors = rows.filter(({ line }) => lines.indexOf(line) > errorsStart);

it('the page has every refusal of the catalogue once, and no other', () => {
  expect(rowsBefore.map(({ code }) => code).sort()).toEqual(Object.keys(refusalMessages).sort());
});

it.each(Object.entries(provocations))('the page tells the facts of %s', async (code, ways) => {
  const told = rowsBefore.find((row) => row.code === code)?.third.split(', ') ?? [];
  const names = told.filter(Boolean).map((fact) => fact.replaceAll('`', ''));
  const always = names.filter((name) => !name.endsWith('?'));
  const allowed = names.map((name) => name.replace('?', ''));
  for (const provoke of ways) {
    const {
      ok,
      code: got,
      message,
      ...facts
    } = (await provoke()) as { ok: boolean; code: string; message: string };
    expect({ ok, code: got }).toEqual({ ok: false, code });
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(facts)));
    expect(Object.keys(facts)).toEqual(expect.arrayContaining(always));
    expect(message).toBe(refusalMessages[code as RefusalCode]);
  }
});

it('the page has every code that core and the stores throw, and no other', () => {
  const thrown = new Set(['INVALID_COMMAND']);
  for (const folder of ['packages/core/src', 'packages/sqlite/src', 'packages/postgres/src']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.includes('.test'))) {
      const source = readFileSync(join(root, folder, file), 'utf8');
      for (const [, code = ''] of source.matchAll(/LoyaltyError\(\s*'([A-Z_]+)'/g)) thrown.add(code);
      for (const [, code = ''] of source.matchAll(/'SQLITE_[A-Z]+', '([A-Z_]+)'/g)) thrown.add(code);
      for (const [, code = ''] of source.matchAll(/\[\s*'[0-9A-Z]{2,5}',\s*'(STORE_[A-Z_]+)'/g))
        thrown.add(code);
    }
  }
  expect(rowsOfErrors.map(({ code }) => code).sort()).toEqual([...thrown].sort());
});
