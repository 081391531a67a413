import {
  createLoyalty,
  InvalidCommandError,
  type Loyalty,
  type LoyaltyStore,
  type ProgramInput,
} from '@loyalty-engine/core';
import { type ManualClock, manualClock, memoryStore, sequentialIds } from '@loyalty-engine/testing';
import { program } from './program.ts';

const yearly: ProgramInput = {
  ...program,
  points: { ...program.points, expiry: { kind: 'after-earning', months: 12, roundUpTo: 'month' } },
};
const onConfirm: ProgramInput = {
  ...program,
  id: 'confirmed',
  points: {
    ...program.points,
    earn: { points: 1, perAmount: '1', availability: 'on-confirm' },
    expiry: { kind: 'inactivity', days: 30 },
  },
};

const trillion = 1_000_000_000_000;

/** What an engine answered, all that a caller can see of it, by the name of what was asked. */
export type Answers = Record<string, unknown>;

type Question = [name: string, ask: (shop: Visited) => unknown];

interface Visited {
  loyalty: Loyalty;
  clock: ManualClock;
  /** Wherever a text can go. */
  text: string;
  member: { programId: string; customerId: string };
  /** The same customer where points are pending until an order is confirmed. */
  confirmed: { programId: string; customerId: string };
  order(id: string, total: string): { id: string; total: string };
  /** The id of the hold made last. */
  holdId: string;
}

const programs: Question[] = [
  ['publish', ({ loyalty }) => loyalty.programs.publish(yearly)],
  ['publish another', ({ loyalty, text }) => loyalty.programs.publish({ ...onConfirm, name: text })],
];

const earning: Question[] = [
  ['earn', ({ loyalty, member, order }) => loyalty.earn({ ...member, order: order('o1', '500.75') })],
  ['earn again', ({ loyalty, member, order }) => loyalty.earn({ ...member, order: order('o1', '500.75') })],
  ['other content', ({ loyalty, member, order }) => loyalty.earn({ ...member, order: order('o1', '501') })],
  [
    'earn late',
    ({ loyalty, member, order }) =>
      loyalty.earn({ ...member, order: order('o2', '70'), occurredAt: '2025-03-01T00:00:00+05:30' }),
  ],
  [
    'microseconds',
    ({ loyalty, member, order }) =>
      loyalty.earn({ ...member, order: order('o2', '70'), occurredAt: '2025-03-01T00:00:00.123456Z' }),
  ],
  [
    'earn on lines',
    ({ loyalty, member, text }) =>
      loyalty.earn({
        ...member,
        actor: text,
        locationId: text,
        metadata: { [text]: [text, 1.5, true, null, { deep: text }] },
        order: { id: `o3 ${text}`, lines: [{ id: text, sku: text, quantity: 3, unitPrice: '9.99' }] },
      }),
  ],
];

const spending: Question[] = [
  ['redeem', ({ loyalty, member, text }) => loyalty.redeem({ ...member, points: 30, idempotencyKey: text })],
  [
    'redeem again',
    ({ loyalty, member, text }) => loyalty.redeem({ ...member, points: 30, idempotencyKey: text }),
  ],
  [
    'key reused',
    ({ loyalty, member, text }) => loyalty.redeem({ ...member, points: 31, idempotencyKey: text }),
  ],
  ['too much', ({ loyalty, member }) => loyalty.redeem({ ...member, points: trillion })],
  [
    'start',
    async (shop) => {
      const { loyalty, member, order } = shop;
      const started = await loyalty.checkout.start({ ...member, order: order('o4', '200'), points: 40 });
      if (started.ok) shop.holdId = started.holdId;
      return started;
    },
  ],
  ['held', ({ loyalty, member }) => loyalty.balance(member)],
  ['complete', ({ loyalty, member, holdId }) => loyalty.checkout.complete({ ...member, holdId })],
];

const correcting: Question[] = [
  [
    'part back',
    ({ loyalty, member, text }) =>
      loyalty.refund({ ...member, orderId: `o4 ${text}`, amount: '33.33', reason: text }),
  ],
  [
    'line back',
    ({ loyalty, member, text }) =>
      loyalty.refund({
        ...member,
        orderId: `o3 ${text}`,
        lines: [{ id: text, quantity: 1 }],
        reason: text,
      }),
  ],
  [
    'all back',
    ({ loyalty, member, text }) => loyalty.refund({ ...member, orderId: `o1 ${text}`, reason: text }),
  ],
  [
    'award much',
    ({ loyalty, member, text }) =>
      loyalty.award({ ...member, points: trillion, source: { type: text, id: text }, reason: text }),
  ],
  [
    'reverse',
    ({ loyalty, member, text }) => loyalty.reverse({ ...member, entry: 4, points: 7, reason: text }),
  ],
  [
    'take much',
    ({ loyalty, member, text }) =>
      loyalty.adjust({ ...member, points: -trillion, reasonCode: text, note: text, actor: text }),
  ],
  [
    'go into debt',
    ({ loyalty, member }) =>
      loyalty.adjust({ ...member, points: -200, allowDebt: true, reasonCode: 'test', actor: 'clerk' }),
  ],
];

const pending: Question[] = [
  [
    'earn for later',
    ({ loyalty, confirmed, order }) => loyalty.earn({ ...confirmed, order: order('p1', '80') }),
  ],
  ['earn more', ({ loyalty, confirmed, order }) => loyalty.earn({ ...confirmed, order: order('p2', '90') })],
  ['confirm', ({ loyalty, confirmed, text }) => loyalty.confirmEarn({ ...confirmed, orderId: `p1 ${text}` })],
  ['cancel', ({ loyalty, confirmed, text }) => loyalty.cancelEarn({ ...confirmed, orderId: `p2 ${text}` })],
];

const time: Question[] = [
  [
    'ends in the year 9998',
    ({ loyalty, member }) =>
      loyalty.award({
        ...member,
        points: 50,
        source: { type: 'gift', id: '1' },
        reason: 'gift',
        expiresAt: '9998-12-31T23:59:59.999Z',
      }),
  ],
  ['hold', ({ loyalty, member }) => loyalty.hold({ ...member, points: 5, holdMinutes: 5 })],
  ['a year on', ({ clock }) => clock.set('2027-02-01T00:00:00.001+05:30')],
  ['lapsed', ({ loyalty, member }) => loyalty.balance(member)],
  ['expire', ({ loyalty }) => loyalty.jobs.expirePoints()],
  ['quote', ({ loyalty, member, order }) => loyalty.quote({ ...member, order: order('o9', '100') })],
  ['statement', ({ loyalty, member }) => loyalty.statement(member)],
  [
    'part of it',
    ({ loyalty, member }) =>
      loyalty.statement(member, { from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z', limit: 3 }),
  ],
  ['other statement', ({ loyalty, confirmed }) => loyalty.statement(confirmed)],
  ['far away', ({ clock }) => clock.set('9999-12-30T23:59:59.999Z')],
  ['last earning', ({ loyalty, member, order }) => loyalty.earn({ ...member, order: order('p9', '1') })],
  ['last balance', ({ loyalty, member }) => loyalty.balance(member)],
  ['last statement', ({ loyalty, member }) => loyalty.statement(member)],
  ['verify', ({ loyalty }) => loyalty.verify()],
  ['list', ({ loyalty }) => loyalty.programs.list()],
];

/** A little of everything that a shop does, one after the other, on a clock of its own: the same on every store. */
export async function usualCommands(store: LoyaltyStore, text = 'sachin'): Promise<Answers> {
  const clock = manualClock('2026-01-15T10:00:00.123Z');
  const shop: Visited = {
    loyalty: createLoyalty({ store, clock, ids: sequentialIds() }),
    clock,
    text,
    member: { programId: 'miles', customerId: text },
    confirmed: { programId: 'confirmed', customerId: text },
    order: (id, total) => ({ id: `${id} ${text}`, total }),
    holdId: '',
  };
  const answers: Answers = {};
  for (const [name, ask] of [...programs, ...earning, ...spending, ...correcting, ...pending, ...time]) {
    try {
      answers[name] = await ask(shop);
    } catch (error) {
      if (!(error instanceof InvalidCommandError)) throw error;
      answers[name] = { refused: error.field };
    }
  }
  return answers;
}

/** The answers that every store must give, as the reference gives them. */
export function expectedAnswers(text?: string): Promise<Answers> {
  return usualCommands(memoryStore(), text);
}
