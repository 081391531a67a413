import { describe, expect, test } from 'vitest';
import { Desk, day, noon, stampVersion } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { anonymise } from './anonymise.ts';
import { earn } from './earn.ts';
import { expire } from './expire.ts';
import { hold } from './hold.ts';
import { refund } from './refund.ts';
import { release } from './release.ts';
import { stamp } from './stamp.ts';

const asked = { reason: 'asked to', actor: 'anita' };

function usedDesk(): Desk {
  const desk = new Desk(stampVersion());
  desk.ok(earn, { order: { id: 'A', total: '500' } });
  desk.ok(stamp, {});
  return desk;
}

describe('a card that is anonymised', () => {
  test('has another reference for its customer and another QR token; history and totals stay', () => {
    const desk = usedDesk();
    const before = { ...desk.state.card };
    const done = desk.ok(anonymise, asked);
    expect(done.customerId).toMatch(/^anonymous:/);
    expect(done.entries).toMatchObject([{ kind: 'anonymise', points: 0, actor: 'anita' }]);
    const { card } = desk.state;
    expect(card).toMatchObject({
      customerId: done.customerId,
      number: before.number,
      status: 'inactive',
      balance: 50,
      stamps: 1,
      lifetime: before.lifetime,
    });
    expect(card.qrToken).not.toBe(before.qrToken);
    expect(JSON.stringify([done, desk.ledger])).not.toContain('sachin');
  });

  test('earns and spends nothing, while returns and expiry go on', () => {
    const desk = usedDesk();
    desk.ok(adjust, {
      points: 10,
      reasonCode: 'promotion',
      actor: 'anita',
      expiresAt: new Date(noon + day),
    });
    desk.ok(anonymise, asked);
    expect(desk.refused(stamp, {}).code).toBe('CARD_INACTIVE');
    expect(desk.ok(refund, { orderId: 'A', reason: 'return' }).pointsClawedBack).toBe(50);
    desk.now = noon + day;
    expect(desk.ok(expire, {}).points).toBe(10);
  });

  test('is anonymised once', () => {
    const desk = usedDesk();
    desk.ok(anonymise, asked);
    expect(desk.refused(anonymise, asked).code).toBe('CARD_ANONYMISED');
  });

  test('must have no points on hold', () => {
    const desk = usedDesk();
    const { holdId } = desk.ok(hold, { points: 10 });
    expect(desk.refused(anonymise, asked)).toMatchObject({ code: 'CARD_HAS_HOLDS', holds: 1 });
    desk.ok(release, { holdId });
    expect(desk.run(anonymise, asked).ok).toBe(true);
  });

  test('must be there', () => {
    expect(new Desk().refused(anonymise, asked).code).toBe('CARD_NOT_FOUND');
  });

  test('is so by somebody', () => {
    const field = expect.objectContaining({ field: 'actor' });
    expect(() => usedDesk().run(anonymise, { reason: 'asked to' })).toThrow(field);
  });
});
