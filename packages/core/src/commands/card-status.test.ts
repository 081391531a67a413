import { describe, expect, test } from 'vitest';
import { Desk, noon, stampVersion } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { anonymise } from './anonymise.ts';
import { deactivate, reactivate } from './card-status.ts';
import { earn } from './earn.ts';
import { enroll } from './enroll.ts';
import { redeemStamps } from './redeem-stamps.ts';
import { rotateQr } from './rotate-qr.ts';
import { stamp } from './stamp.ts';

const by = { reason: 'lost', actor: 'anita' };

function usedDesk(): Desk {
  const desk = new Desk(stampVersion({ target: 1 }));
  desk.ok(enroll, {});
  desk.ok(adjust, { points: 50, reasonCode: 'promotion', actor: 'anita' });
  desk.ok(stamp, {});
  return desk;
}

describe('a card that is deactivated', () => {
  test('keeps what it has, earns and spends nothing, and it is kept who did it and why', () => {
    const desk = usedDesk();
    const done = desk.ok(deactivate, by);
    expect(done).toMatchObject({ status: 'inactive', changed: true, balance: { available: 50 } });
    expect(done.entries).toMatchObject([
      { kind: 'deactivate', points: 0, stamps: 0, actor: 'anita', reason: 'lost' },
    ]);
    expect(done.explanation[0]?.why).toBe('Deactivated by anita: lost.');
    expect(desk.refused(earn, { order: { id: 'A', total: '10' } }).code).toBe('CARD_INACTIVE');
    expect(desk.refused(stamp, {}).code).toBe('CARD_INACTIVE');
    expect(desk.refused(redeemStamps, {}).code).toBe('CARD_INACTIVE');
    expect(desk.refused(rotateQr, { reason: 'lost' }).code).toBe('CARD_INACTIVE');
    expect(desk.state.card).toMatchObject({ stamps: 1, lastActivityAt: noon });
  });

  test('again changes and writes nothing', () => {
    const desk = usedDesk();
    desk.ok(deactivate, by);
    expect(desk.ok(deactivate, by)).toMatchObject({ changed: false, entries: [] });
    expect(desk.ledger).toHaveLength(3);
  });

  test('works again once it is reactivated', () => {
    const desk = usedDesk();
    desk.ok(deactivate, by);
    expect(desk.ok(reactivate, { ...by, reason: 'found' })).toMatchObject({
      status: 'active',
      changed: true,
    });
    expect(desk.ok(reactivate, by)).toMatchObject({ changed: false, entries: [] });
    expect(desk.ok(redeemStamps, {}).stamps).toBe(0);
  });

  test('gives the same card to its customer who enrols again, and that stays inactive', () => {
    const desk = usedDesk();
    desk.ok(deactivate, by);
    expect(desk.ok(enroll, {})).toMatchObject({ alreadyEnrolled: true, entries: [] });
    expect(desk.state.card.status).toBe('inactive');
  });
});

describe('it is refused', () => {
  test('for a card that is not there: none is made', () => {
    const desk = new Desk(stampVersion());
    expect(desk.refused(deactivate, by).code).toBe('CARD_NOT_FOUND');
    expect(desk.refused(reactivate, by).code).toBe('CARD_NOT_FOUND');
    expect(desk.state.exists).toBe(false);
  });

  test('to reactivate a card that belongs to nobody any more', () => {
    const desk = usedDesk();
    desk.ok(anonymise, by);
    expect(desk.refused(reactivate, by).code).toBe('CARD_ANONYMISED');
    expect(desk.ok(deactivate, by)).toMatchObject({ changed: false });
  });

  test.each([deactivate, reactivate])('without an actor or a reason', (command) => {
    const field = (name: string) => expect.objectContaining({ field: name });
    expect(() => usedDesk().run(command, { reason: 'lost' })).toThrow(field('actor'));
    expect(() => usedDesk().run(command, { actor: 'anita' } as never)).toThrow(field('reason'));
  });
});
