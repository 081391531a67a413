import { describe, expect, test } from 'vitest';
import { cathayTerms, Desk, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { earn } from './earn.ts';
import { enroll } from './enroll.ts';

const iso = (at: number) => new Date(at).toISOString();
const bonus = { welcomeBonus: 100 };

describe('enrolling', () => {
  test('makes the card, with the welcome bonus as an entry of its own kind', () => {
    const desk = new Desk(milesVersion(bonus));
    desk.state.card.number = '123456789015';
    const made = desk.ok(enroll, { locationId: 'bandra' });
    expect(made).toMatchObject({
      alreadyEnrolled: false,
      enrolledAt: iso(noon),
      cardNumber: '1234-5678-9015',
      balance: { available: 100, lifetime: { earned: 100 } },
      entries: [{ kind: 'welcome', points: 100, locationId: 'bandra' }],
    });
    expect(desk.state).toMatchObject({
      exists: true,
      card: { enrolledAt: noon, enrolledLocationId: 'bandra', lastActivityAt: noon, lastPointsAt: noon },
    });
  });

  test('without a bonus makes the card without an entry', () => {
    const desk = new Desk();
    expect(desk.ok(enroll, {})).toMatchObject({ alreadyEnrolled: false, entries: [] });
    expect(desk.state).toMatchObject({ exists: true, card: { seq: 0, enrolledLocationId: null } });
  });

  test('again gives the same card, and where and when it was enrolled stay', () => {
    const desk = new Desk(milesVersion(bonus));
    desk.ok(enroll, { locationId: 'bandra' });
    desk.now = noon + day;
    expect(desk.ok(enroll, { locationId: 'colaba' })).toMatchObject({
      alreadyEnrolled: true,
      enrolledAt: iso(noon),
      entries: [],
      balance: { available: 100 },
    });
    expect(desk.state.card).toMatchObject({ enrolledLocationId: 'bandra', lastActivityAt: noon });
  });

  test('after a first use gives that card, and no second bonus', () => {
    const desk = new Desk(milesVersion(bonus));
    desk.ok(earn, { order: { id: 'A', total: '500' } });
    expect(desk.ok(enroll, {})).toMatchObject({ alreadyEnrolled: true, balance: { available: 150 } });
  });

  test('counts from when it happened', () => {
    const desk = new Desk(milesVersion({ ...bonus, expiry: { kind: 'after-earning', days: 10 } }));
    expect(desk.ok(enroll, { occurredAt: new Date(noon - day) })).toMatchObject({
      enrolledAt: iso(noon - day),
      entries: [{ lot: { expiresAt: iso(noon + 9 * day) } }],
    });
  });

  test('makes a card also where enrolment is explicit', () => {
    const desk = new Desk(milesVersion({}, { enrolment: 'explicit' }));
    expect(desk.refused(earn, { order: { id: 'A', total: '500' } }).code).toBe('CARD_NOT_FOUND');
    desk.ok(enroll, {});
    expect(desk.ok(earn, { order: { id: 'A', total: '500' } }).points).toBe(50);
  });
});

describe('enrolling is refused', () => {
  test('before any version is in force', () => {
    const desk = new Desk({ ...milesVersion(), effectiveFrom: noon + 1 });
    expect(desk.refused(enroll, {}).code).toBe('NO_ACTIVE_PROGRAM');
    desk.now = noon + 1;
    expect(desk.run(enroll, {}).ok).toBe(true);
  });

  test('for a customer of their own where the merchant wants staff to do it', () => {
    const desk = new Desk();
    desk.state.merchant = cathayTerms({ selfEnrolment: false });
    expect(desk.refused(enroll, { self: true }).code).toBe('SELF_ENROLMENT_OFF');
    expect(desk.state.exists).toBe(false);
    expect(desk.run(enroll, {}).ok).toBe(true);
  });

  test('without a PIN where one is required; a customer of their own needs none', () => {
    const desk = new Desk();
    desk.state.merchant = cathayTerms({ staffPin: { enroll: 'required' } });
    expect(desk.refused(enroll, {})).toMatchObject({ code: 'PIN_REQUIRED', merchantId: 'cathay' });
    expect(desk.run(enroll, { self: true }).ok).toBe(true);
  });

  test('at a location that is closed or not there', () => {
    const desk = new Desk();
    desk.state.merchant = cathayTerms();
    expect(desk.refused(enroll, { locationId: 'fort' }).code).toBe('LOCATION_CLOSED');
    expect(desk.refused(enroll, { locationId: 'pune' }).code).toBe('LOCATION_NOT_FOUND');
  });

  test('for a card that was merged, naming the other one', () => {
    const desk = new Desk();
    desk.ok(enroll, {});
    desk.state.card.mergedInto = 'card-2';
    expect(desk.refused(enroll, {})).toMatchObject({ code: 'CARD_MERGED', cardId: 'card-2' });
  });
});
