import { type Loyalty, type Outcome, unwrap } from '@loyalty-engine/core';
import { actor, companyWith, merchantId } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { ledgerOf } from './ledger-of.ts';
import { publishMug } from './reward-facts.ts';
import { member } from './shop.ts';

const { programId } = member;

/** The same by two engines in turn, all at once. */
function atOnce<Result>(
  engines: readonly [Loyalty, Loyalty],
  count: number,
  act: (loyalty: Loyalty, index: number) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => act(engines[index % 2 === 0 ? 0 : 1], index)),
  );
}

const accepted = (outcomes: readonly Outcome<object>[]) => outcomes.filter(({ ok }) => ok).length;

/** Two engines on two connections that want the same stamp, card, reward or PIN at the same moment. */
export const companyRaceFacts: Facts = {
  ...factsIn(companyWith({ stamps: { cooldownMinutes: 60 } }), {
    'of 200 who stamp one card at once inside the cooldown exactly one does': async (
      { loyalty, second },
      expect,
    ) => {
      const outcomes = await atOnce([loyalty, await second()], 200, (engine) => engine.stamp(member));
      expect(accepted(outcomes)).toBe(1);
      const refused = outcomes.filter(({ ok }) => !ok);
      expect(new Set(refused.map((outcome) => !outcome.ok && outcome.code))).toEqual(
        new Set(['COOLDOWN_ACTIVE']),
      );
      expect((await ledgerOf(loyalty, member)).entries).toMatchObject([{ kind: 'stamp', stamps: 1 }]);
    },
  }),

  ...factsIn(companyWith({ enrolment: 'explicit', welcomeBonus: 25 }), {
    'of 50 who enrol one customer at once all get one card, with one bonus': async (
      { loyalty, second },
      expect,
    ) => {
      const outcomes = await atOnce([loyalty, await second()], 50, (engine) => engine.cards.enroll(member));
      const made = outcomes.map(unwrap);
      expect(made.filter(({ alreadyEnrolled }) => !alreadyEnrolled)).toHaveLength(1);
      expect(new Set(made.map(({ cardId }) => cardId)).size).toBe(1);
      expect(new Set(made.map(({ cardNumber }) => cardNumber)).size).toBe(1);
      const { balance, entries } = await ledgerOf(loyalty, member);
      expect(balance.available).toBe(25);
      expect(entries).toMatchObject([{ kind: 'welcome', points: 25 }]);
      expect((await loyalty.cards.list({ programId })).cards).toHaveLength(1);
    },
  }),

  ...factsIn(companyWith({ enrolment: 'explicit', welcomeBonus: 50 }), {
    'of 200 customers who redeem the last reward in stock at once exactly one gets it': async (
      { loyalty, second },
      expect,
    ) => {
      const engines = [loyalty, await second()] as const;
      await publishMug(loyalty, { stock: 1 });
      const card = (index: number) => ({ programId, customerId: `customer ${index}` });
      await atOnce(engines, 200, (engine, index) => engine.cards.enroll(card(index)));
      const outcomes = await atOnce(engines, 200, (engine, index) =>
        engine.rewards.redeem({ ...card(index), rewardId: 'mug' }),
      );
      expect(accepted(outcomes)).toBe(1);
      expect(await loyalty.rewards.get(programId, 'mug')).toMatchObject({ redeemed: 1, stockLeft: 0 });
      expect((await loyalty.statistics({ programId })).points).toMatchObject({
        issued: 200 * 50,
        redeemed: 40,
        outstanding: 200 * 50 - 40,
      });
    },

    'a voucher that many use at once is used once': async ({ loyalty, second }, expect) => {
      await publishMug(loyalty, { stock: 1 });
      unwrap(await loyalty.cards.enroll(member));
      const { voucherCode: code } = unwrap(await loyalty.rewards.redeem({ ...member, rewardId: 'mug' }));
      const outcomes = await atOnce<Outcome<object>>([loyalty, await second()], 20, (engine, index) =>
        index % 4 < 2
          ? engine.rewards.use({ code })
          : engine.rewards.void({ code, reason: 'returned', idempotencyKey: `void ${index}` }),
      );
      expect(accepted(outcomes)).toBe(1);
    },

    'two who merge two cards into each other at once end with one of them': async (
      { loyalty, second },
      expect,
    ) => {
      const other = await second();
      for (let round = 1; round <= 10; round += 1) {
        const [a, b] = ['a', 'b'].map((side) => ({ programId, customerId: `${side}${round}` }));
        if (!a || !b) throw new Error('Two customers');
        for (const card of [a, b]) unwrap(await loyalty.cards.enroll(card));
        const by = { reason: 'two cards', actor };
        const outcomes = await Promise.all([
          loyalty.cards.merge({ from: a, into: b, ...by }),
          other.cards.merge({ from: b, into: a, ...by }),
        ]);
        expect(accepted(outcomes)).toBe(1);
        const totals = await Promise.all([a, b].map(async (card) => (await loyalty.balance(card)).total));
        expect(totals.sort()).toEqual([0, 100]);
      }
    },
  }),

  ...factsIn(companyWith(), {
    'of 200 wrong PINs at once from two engines only as many are looked at as may be': async (
      { loyalty, second, pins },
      expect,
    ) => {
      const staffId = 'ravi';
      await loyalty.staff.register({ merchantId, id: staffId, name: 'Ravi', role: 'cashier', actor });
      const answers = await atOnce([loyalty, await second()], 200, (engine, index) =>
        engine.staff.checkPin({ merchantId, staffId, pin: '771204', terminalId: `till ${index}` }),
      );
      expect(pins.checks).toBe(5);
      const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.code));
      expect(codes.filter((code) => code === 'PIN_WRONG')).toHaveLength(4);
      expect(codes.filter((code) => code === 'PIN_LOCKED')).toHaveLength(196);
    },

    'a right PIN among many wrong ones does not let more of them through': async (
      { loyalty, second, pins },
      expect,
    ) => {
      const register = (id: string) =>
        loyalty.staff.register({ merchantId, id, name: id, role: 'cashier', pin: '482913', actor });
      for (const id of ['ravi', 'meera']) await register(id);
      await atOnce([loyalty, await second()], 100, (engine, index) =>
        engine.staff.checkPin({
          merchantId,
          staffId: index === 50 ? 'meera' : 'ravi',
          pin: index === 50 ? '482913' : '771204',
          terminalId: `till ${index}`,
        }),
      );
      expect(pins.checks).toBe(6);
    },
  }),
};
