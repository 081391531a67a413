import { describe, expect, test } from 'vitest';
import { nameOfNumber, nameOfQrToken, nameOfVoucher } from '../card/card-names.ts';
import { adjust } from '../commands/adjust.ts';
import { anonymise } from '../commands/anonymise.ts';
import { earn } from '../commands/earn.ts';
import { enroll } from '../commands/enroll.ts';
import { redeemReward } from '../commands/redeem-reward.ts';
import { redeemStamps } from '../commands/redeem-stamps.ts';
import { rotateQr } from '../commands/rotate-qr.ts';
import { stamp } from '../commands/stamp.ts';
import { voidReward } from '../commands/void-reward.ts';
import { day, hour, noon } from '../fixtures.test-data.ts';
import { cardShop } from './card-shop.test-data.ts';
import { foldWork } from './fold-work.ts';

const gift = { points: 50, reasonCode: 'promotion', actor: 'anita' };

describe('names', () => {
  test('of a new card are its number and its QR token; those of a known card are not written again', () => {
    const { one, fold } = cardShop();
    const first = fold(one(enroll, 'sachin', {}), one(stamp, 'sachin', {}));
    expect(first.changes.names).toEqual({
      added: [
        { name: nameOfNumber('number of sachin'), cardId: 'card-sachin' },
        { name: nameOfQrToken('sachin token '.padEnd(32, '-')), cardId: 'card-sachin' },
      ],
      removed: [],
    });
    expect(first.changes.cards).toMatchObject([{ isNew: true, renamed: null }]);
    const again = fold(one(stamp, 'sachin', {}));
    expect(again.changes.names).toEqual({ added: [], removed: [] });
    expect(again.changes.cards).toMatchObject([{ isNew: false, renamed: null }]);
  });

  test('have the new QR token in place of the old one, and of two rotations only the last', () => {
    const { one, fold, stateOf } = cardShop();
    fold(one(enroll, 'sachin', {}));
    const before = stateOf('sachin').card.qrToken;
    const why = { reason: 'photographed' };
    const { changes } = fold(one(rotateQr, 'sachin', why), one(rotateQr, 'sachin', why));
    const { qrToken } = stateOf('sachin').card;
    expect(changes.names).toEqual({
      added: [{ name: nameOfQrToken(qrToken), cardId: 'card-sachin' }],
      removed: [nameOfQrToken(before)],
    });
    expect(changes.cards[0]?.renamed).toEqual({ customerId: 'sachin', qrToken: before });
  });

  test('of a card that is made and rotated in one batch are the last ones alone', () => {
    const { one, fold, stateOf } = cardShop();
    const { changes } = fold(one(enroll, 'sachin', {}), one(rotateQr, 'sachin', { reason: 'at once' }));
    expect(changes.names.added.map(({ name }) => name)).toEqual([
      nameOfNumber('number of sachin'),
      nameOfQrToken(stateOf('sachin').card.qrToken),
    ]);
    expect(changes.names.removed).toEqual([]);
  });

  test('of a card that is anonymised: its customer and QR token are gone, its number stays', () => {
    const { one, fold, stateOf } = cardShop();
    fold(one(enroll, 'sachin', {}));
    const before = stateOf('sachin').card.qrToken;
    const { changes } = fold(one(anonymise, 'sachin', { reason: 'asked to', actor: 'anita' }));
    expect(changes.cards[0]?.renamed).toEqual({ customerId: 'sachin', qrToken: before });
    expect(changes.names.removed).toEqual([nameOfQrToken(before)]);
  });

  test('are those of vouchers too, once', () => {
    const { one, fold } = cardShop();
    const { changes, outcomes } = fold(one(stamp, 'sachin', {}), one(redeemStamps, 'sachin', {}));
    const code = outcomes[1]?.voucherCode as string;
    expect(changes.names.added.at(-1)).toEqual({ name: nameOfVoucher(code), cardId: 'card-sachin' });
    expect(changes.vouchers).toMatchObject([{ isNew: true, voucher: { code, status: 'issued' } }]);
    const voided = fold(one(voidReward, 'sachin', { code, reason: 'return' }));
    expect(voided.changes.names.added).toEqual([]);
    expect(voided.changes.vouchers).toMatchObject([{ isNew: false, voucher: { status: 'void' } }]);
  });

  test('that were given are answered with CARD_RENAMED where the customer was anonymised meanwhile', () => {
    const { one, touchOf, stateOf } = cardShop();
    const late = one(stamp, 'sachin', {});
    const card = { programId: 'miles', customerId: 'sachin' };
    const work = [
      one(enroll, 'sachin', {}),
      one(anonymise, 'sachin', { reason: 'asked to', actor: 'anita' }),
      { ...late, touches: [touchOf('sachin', noon, { card })] },
    ];
    const { settled } = foldWork(work, () => stateOf('sachin'));
    expect(settled[2]).toMatchObject({ error: { code: 'CARD_RENAMED' } });
  });
});

describe('a card that is found but is not meant', () => {
  test('is refused as one that is not there, and not decided on', () => {
    const { one, touchOf, stateOf } = cardShop();
    const never = () => {
      throw new Error('decided');
    };
    const touches = [touchOf('sachin', noon, { admits: () => false })];
    const work = { ...one(stamp, 'sachin', {}), touches, decide: never };
    const { settled } = foldWork([work, { ...work, ifAbsent: 'VOUCHER_NOT_FOUND' }], () => stateOf('sachin'));
    expect(settled).toMatchObject([
      { outcome: { code: 'CARD_NOT_FOUND' } },
      { outcome: { code: 'VOUCHER_NOT_FOUND' } },
    ]);
  });
});

describe('rewards', () => {
  test('are shared by all cards of a batch: of two for the last one, one has it', () => {
    const { one, fold } = cardShop({ stock: 3, redeemed: 2 });
    fold(one(adjust, 'sachin', gift), one(adjust, 'rahul', gift));
    const coffee = { rewardId: 'coffee' };
    const { codes, changes } = fold(one(redeemReward, 'sachin', coffee), one(redeemReward, 'rahul', coffee));
    expect(codes).toEqual(['ok', 'OUT_OF_STOCK']);
    expect(changes.rewards).toMatchObject([{ rewardId: 'coffee', redeemed: 3 }]);
    expect(changes.cards).toHaveLength(1);
  });

  test('are written once, however many cards redeem or give them back', () => {
    const { one, fold } = cardShop({ stock: 10 });
    fold(one(adjust, 'sachin', gift), one(adjust, 'rahul', gift));
    const coffee = { rewardId: 'coffee' };
    const taken = fold(one(redeemReward, 'sachin', coffee), one(redeemReward, 'rahul', coffee));
    expect(taken.changes.rewards).toMatchObject([{ redeemed: 2 }]);
    const code = taken.outcomes[0]?.voucherCode as string;
    const { changes } = fold(
      one(redeemReward, 'rahul', coffee),
      one(voidReward, 'sachin', { code, reason: 'return' }),
    );
    expect(changes.rewards).toMatchObject([{ redeemed: 2 }]);
    expect(changes.vouchers.map(({ isNew, voucher }) => [isNew, voucher.status])).toEqual([
      [true, 'issued'],
      [false, 'void'],
    ]);
  });

  test('are not written by a batch that only looked at them', () => {
    const { one, fold } = cardShop({ stock: 0 });
    fold(one(adjust, 'sachin', gift));
    const { codes, changes } = fold(one(redeemReward, 'sachin', { rewardId: 'coffee' }));
    expect(codes).toEqual(['OUT_OF_STOCK']);
    expect(changes.rewards).toEqual([]);
  });
});

describe('a merge', () => {
  test('changes both cards, and what follows in the batch sees it', () => {
    const { one, merge, fold } = cardShop();
    fold(one(adjust, 'sachin', gift), one(adjust, 'rahul', gift));
    const { codes, changes } = fold(
      one(stamp, 'rahul', {}),
      merge('sachin', 'rahul'),
      one(stamp, 'rahul', {}),
      one(redeemStamps, 'sachin', {}),
      merge('rahul', 'sachin'),
    );
    expect(codes).toEqual(['ok', 'ok', 'CARD_MERGED', 'ok', 'CARD_MERGED']);
    const cards = Object.fromEntries(changes.cards.map(({ card }) => [card.cardId, card]));
    expect(cards['card-sachin']).toMatchObject({ balance: 100, stamps: 0 });
    expect(cards['card-rahul']).toMatchObject({ balance: 0, stamps: 0, mergedInto: 'card-sachin' });
  });
});

describe('tallies', () => {
  test('of a batch are its entries by day, location and kind', () => {
    const { one, fold } = cardShop();
    const at = (locationId: string) => ({ locationId });
    const { changes } = fold(
      one(stamp, 'sachin', at('bandra')),
      one(stamp, 'rahul', at('bandra')),
      one(stamp, 'rahul', at('colaba'), noon + hour),
      one(earn, 'sachin', { order: { id: 'A', total: '500' } }),
      one(adjust, 'rahul', { ...gift, points: -999 }, noon + hour),
      one(stamp, 'sachin', at('bandra'), noon + day),
    );
    const rows = changes.tallies.map(({ day: on, locationId, kind, entries, points, stamps }) => [
      on,
      locationId,
      kind,
      entries,
      points,
      stamps,
    ]);
    expect(rows).toEqual([
      ['2026-01-15', '', 'earn', 1, 50, 0],
      ['2026-01-15', 'bandra', 'stamp', 2, 0, 2],
      ['2026-01-15', 'colaba', 'stamp', 1, 0, 1],
      ['2026-01-16', 'bandra', 'stamp', 1, 0, 1],
    ]);
  });

  test('of a batch in which nothing was written are none', () => {
    const { one, fold } = cardShop();
    expect(fold(one(enroll, 'sachin', {})).changes.tallies).toEqual([]);
  });
});
