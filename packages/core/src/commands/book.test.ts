import { describe, expect, test } from 'vitest';
import { Desk, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { award } from './award.ts';
import { captureHold, checkoutComplete } from './capture.ts';
import { deactivate } from './card-status.ts';
import type { CommandDefinition } from './command.ts';
import { earn } from './earn.ts';
import { expire } from './expire.ts';
import { checkoutStart, hold } from './hold.ts';
import { cancelEarn, confirmEarn } from './pending-earn.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';
import { release } from './release.ts';
import { reverse } from './reverse.ts';

// biome-ignore lint/suspicious/noExplicitAny: any command, with its input
type AnyCommand = [string, CommandDefinition<any, object, any>, object];

const order = { id: 'ORDER124', total: '500' };
const gift = { source: { type: 'gift', id: '1' }, reason: 'gift' };
const back = { orderId: 'ORDER123', reason: 'return' };

const earningAndSpending: AnyCommand[] = [
  ['earn', earn, { order }],
  ['award', award, { points: 5, ...gift }],
  ['redeem', redeem, { points: 5 }],
  ['hold', hold, { points: 5 }],
  ['checkout.start', checkoutStart, { order, points: 5 }],
  ['capture', captureHold, { holdId: 'id-1' }],
  ['checkout.complete', checkoutComplete, { holdId: 'id-1' }],
  ['confirmEarn', confirmEarn, { orderId: 'PENDING' }],
];
const undoing: AnyCommand[] = [
  ['refund', refund, back],
  ['cancelEarn', cancelEarn, { orderId: 'PENDING' }],
  ['reverse', reverse, { entry: 1, reason: 'typo' }],
  ['release', release, { holdId: 'id-1' }],
  ['adjust', adjust, { points: 5, reasonCode: 'correction', actor: 'anita' }],
  ['expire', expire, {}],
];

/** A card that was awarded points, earned, has a pending earn and an open hold. */
function usedDesk(): Desk {
  const pending = {
    ...milesVersion({ earn: { availability: 'on-confirm' } }),
    version: 2,
    effectiveFrom: noon + day,
  };
  const desk = new Desk(milesVersion(), pending);
  desk.ok(award, { points: 100, ...gift });
  desk.ok(earn, { order: { id: 'ORDER123', total: '500' } });
  desk.now = noon + day;
  desk.ok(earn, { order: { id: 'PENDING', total: '100' } });
  desk.ok(checkoutStart, { order: { id: 'HELD', total: '100' }, points: 10 });
  return desk;
}

describe('an active card', () => {
  test.each([...earningAndSpending, ...undoing])('takes %s', (_name, command, input) => {
    expect(usedDesk().run(command, input).ok).toBe(true);
  });
});

describe('an inactive card', () => {
  const inactive = () => {
    const desk = usedDesk();
    desk.ok(deactivate, { reason: 'lost', actor: 'anita' });
    return desk;
  };

  test.each(earningAndSpending)('earns and spends nothing: %s is refused', (_name, command, input) => {
    expect(inactive().refused(command, input).code).toBe('CARD_INACTIVE');
  });

  test.each(undoing)('still takes %s: returns, corrections and expiry go on', (_name, command, input) => {
    const desk = inactive();
    expect(desk.run(command, input).ok).toBe(true);
    expect(desk.state.card.status).toBe('inactive');
  });
});

describe('a card that is not there', () => {
  test.each([...earningAndSpending, ...undoing])(
    'is not made by %s where enrolment is explicit',
    (_name, command, input) => {
      const desk = new Desk(milesVersion({}, { enrolment: 'explicit' }));
      expect(desk.refused(command, input).code).toBe('CARD_NOT_FOUND');
      expect(desk.state.exists).toBe(false);
    },
  );

  test.each<AnyCommand>([
    ['earn', earn, { order }],
    ['award', award, { points: 5, ...gift }],
    ['adjust', adjust, { points: 5, reasonCode: 'correction', actor: 'anita' }],
    ['checkout.start', checkoutStart, { order, points: 0 }],
  ])('is made by %s where it is automatic, with the welcome bonus', (_name, command, input) => {
    const desk = new Desk(milesVersion({ welcomeBonus: 100 }));
    desk.ok(command, input);
    expect(desk.ledger[0]).toMatchObject({ kind: 'welcome', points: 100 });
    expect(desk.state).toMatchObject({ exists: true, card: { enrolledAt: noon } });
  });
});

test.each([...earningAndSpending, ...undoing])(
  '%s is refused before the first version is in force',
  (_name, command, input) => {
    const desk = usedDesk();
    const late = { ...milesVersion({}, { enrolment: 'explicit' }), effectiveFrom: noon + 2 * day };
    desk.state.versions = [late];
    desk.state.card.status = 'inactive';
    expect(desk.refused(command, input)).toMatchObject({ code: 'NO_ACTIVE_PROGRAM', programId: 'miles' });
  },
);

// A hold is about now, whenever the rest of the checkout happened; the engine refuses the future for every command.
const dated = [...earningAndSpending, ...undoing].filter(
  ([, command]) => command !== hold && command !== checkoutStart,
);

test.each(dated)('%s in the future is invalid', (_name, command, input) => {
  const future = { ...input, occurredAt: new Date(noon + day + 1) };
  expect(() => usedDesk().run(command, future)).toThrow(expect.objectContaining({ field: 'occurredAt' }));
});
