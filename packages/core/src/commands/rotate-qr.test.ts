import { describe, expect, test } from 'vitest';
import { Desk, snapshot } from '../fixtures.test-data.ts';
import { enroll } from './enroll.ts';
import { rotateQr } from './rotate-qr.ts';

describe('rotating a QR token', () => {
  test('gives the card another one, which is in no outcome, no entry and no explanation', () => {
    const desk = new Desk();
    desk.ok(enroll, {});
    const rotated = desk.ok(rotateQr, { reason: 'photographed', actor: 'anita' });
    const { qrToken } = desk.state.card;
    expect(qrToken).toMatch(/^[\w-]{32}$/);
    expect(rotated).toMatchObject({ entry: 1, entries: [{ kind: 'rotate-qr', reason: 'photographed' }] });
    expect(snapshot([rotated, desk.ledger])).not.toContain(qrToken.slice(0, 16));
    desk.ok(rotateQr, { reason: 'again' });
    expect(desk.state.card.qrToken).not.toBe(qrToken);
  });

  test('is no use of the card', () => {
    const desk = new Desk();
    desk.ok(enroll, {});
    const { lastActivityAt } = desk.state.card;
    desk.now += 1000;
    desk.ok(rotateQr, { reason: 'photographed' });
    expect(desk.state.card.lastActivityAt).toBe(lastActivityAt);
  });

  test('of a card that is not there makes none', () => {
    const desk = new Desk();
    expect(desk.refused(rotateQr, { reason: 'photographed' }).code).toBe('CARD_NOT_FOUND');
    expect(desk.state.exists).toBe(false);
  });
});
