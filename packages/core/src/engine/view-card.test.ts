import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { type Card, newCardState } from '../card/card-state.ts';
import { day, hour, member, milesProgram, milesVersion, noon, openShop } from '../fixtures.test-data.ts';
import type { Member } from './reader.ts';
import { readCard, viewCard } from './view-card.ts';

const at = (hours: number) => new Date(noon + hours * hour).toISOString();

describe('a card', () => {
  test('shows whose it is, its points, what was done with it and when', async () => {
    const store = memoryStore();
    const { loyalty, clock } = await openShop(store, milesProgram({ welcomeBonus: 10 }));
    await loyalty.cards.enroll({ ...member, locationId: 'mumbai' });
    clock.at = noon + hour;
    const earned = await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
    clock.at = noon + 2 * hour;
    await loyalty.redeem({ ...member, order: { id: 'B', total: '500' }, points: 20 });
    clock.at = noon + 3 * hour;
    await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' });
    expect(await readCard(store, member, clock.at)).toEqual({
      cardId: earned.ok && earned.cardId,
      programId: 'miles',
      merchantId: 'cathay',
      customerId: 'sachin',
      cardNumber: expect.stringMatching(/^\d{4}-\d{4}-\d{4}$/),
      qrToken: expect.stringMatching(/^[\w-]{32}$/),
      status: 'active',
      mergedInto: null,
      enrolledAt: at(0),
      enrolledLocationId: 'mumbai',
      points: expect.objectContaining(
        await loyalty.balance(member).then(({ nextExpiry: _, ...rest }) => rest),
      ),
      stamps: null,
      lifetime: {
        pointsEarned: 60,
        pointsRedeemed: 20,
        pointsExpired: 0,
        pointsReversed: -50,
        pointsAdjusted: 0,
        stampsEarned: 0,
        rewardsRedeemed: 0,
      },
      lastStampAt: null,
      lastPointsAt: at(1),
      lastRedemptionAt: at(2),
      lastActivityAt: at(2),
    });
  });

  test('is found by its id, its number, its QR token and its customer, of its merchant', async () => {
    const store = memoryStore();
    const { loyalty } = await openShop(store);
    await loyalty.cards.enroll(member);
    const { cardId, cardNumber, qrToken } = await readCard(store, member, noon);
    for (const ref of [{ cardId }, { cardNumber }, { qrToken }, { cardId, merchantId: 'cathay' }])
      expect(await readCard(store, ref, noon)).toMatchObject({ cardId, customerId: 'sachin' });
  });

  test.each<[string, Member]>([
    ['CARD_NOT_FOUND', { programId: 'miles', customerId: 'nobody' }],
    ['CARD_NOT_FOUND', { cardId: 'nothing' }],
    ['PROGRAM_NOT_FOUND', { programId: 'kilometres', customerId: 'sachin' }],
    ['CARD_NOT_FOUND', { ...member, merchantId: 'rival' }],
    ['CARD_NOT_FOUND', { cardNumber: '123456789018' }],
    ['INVALID_COMMAND', { cardNumber: '123456789012' }],
    ['INVALID_COMMAND', { programId: 'miles' } as Member],
  ])('%s for %j', async (code, ref) => {
    const store = memoryStore();
    const { loyalty } = await openShop(store);
    await loyalty.cards.enroll(member);
    await expect(readCard(store, ref, noon)).rejects.toMatchObject({ code });
  });
});

describe('the stamps of a card', () => {
  const stampsVersion = milesVersion({}, { stamps: { target: 10, reward: { name: 'Free coffee' } } });

  function stampsOf(stampLots: Card['stampLots'], version = stampsVersion) {
    const state = newCardState({ cardId: 'card-1', ...member }, [version]);
    const stamps = stampLots.reduce((sum, [, count]) => sum + count, 0);
    return viewCard({ ...state, exists: true, card: { ...state.card, stamps, stampLots } }, noon).stamps;
  }

  test.each([
    [0, 10, 0],
    [7, 3, 0],
    [10, 0, 1],
    [23, 0, 2],
  ])('%i of 10: %i are missing, %i rewards are ready', (count, untilReward, rewardsReady) => {
    const lots: Card['stampLots'] = count === 0 ? [] : [[1, count, null]];
    expect(stampsOf(lots)).toEqual({ count, target: 10, untilReward, rewardsReady });
  });

  test('do not count once they have ended, at exactly that instant', () => {
    const lots: Card['stampLots'] = [
      [1, 4, noon],
      [2, 5, noon + 1],
      [3, 1, noon + day],
    ];
    expect(stampsOf(lots)).toMatchObject({ count: 6, untilReward: 4 });
  });

  test('have no target where the program has stopped giving them', () => {
    const none = milesVersion();
    expect(stampsOf([[1, 7, null]], none)).toEqual({
      count: 7,
      target: null,
      untilReward: null,
      rewardsReady: null,
    });
    expect(stampsOf([], none)).toBeNull();
  });
});
