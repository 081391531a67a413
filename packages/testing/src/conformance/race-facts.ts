import { type Facts, factsIn } from './fact.ts';
import { givePoints, shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const rounds = 30;

/** Two engines on two connections that want the same thing at the same moment. */
export const raceFacts: Facts = {
  ...factsIn((open) => open(), {
    'of two who redeem one balance at once exactly one wins, every time': async (
      { loyalty, second },
      expect,
    ) => {
      const other = await second();
      for (let round = 1; round <= rounds; round += 1) {
        await givePoints(loyalty, `round ${round}`, 100);
        const outcomes = await Promise.all([
          loyalty.redeem({ ...member, points: 100 }),
          other.redeem({ ...member, points: 100 }),
        ]);
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
        expect(outcomes.find(({ ok }) => !ok)).toMatchObject({ code: 'NOT_ENOUGH_POINTS', available: 0 });
        expect(await other.balance(member)).toMatchObject({ available: 0, total: 0 });
      }
    },

    'of two who check out one balance at once exactly one gets the hold': async (
      { loyalty, second },
      expect,
    ) => {
      const other = await second();
      await givePoints(loyalty, 'opening', 100);
      for (let round = 1; round <= rounds; round += 1) {
        const start = (engine: typeof loyalty, id: string) =>
          engine.checkout.start({ ...member, order: { id: `${id}${round}`, total: '500' }, points: 80 });
        const outcomes = await Promise.all([start(loyalty, 'A'), start(other, 'B')]);
        const won = outcomes.filter((outcome) => outcome.ok);
        expect(won).toHaveLength(1);
        for (const { holdId } of won) await loyalty.checkout.cancel({ ...member, holdId });
      }
      expect(await loyalty.balance(member)).toMatchObject({ available: 100, held: 0 });
    },

    'an order that two earn at once earns once': async ({ loyalty, second }, expect) => {
      const other = await second();
      for (let round = 1; round <= rounds; round += 1) {
        const command = { ...member, order: { id: `A${round}`, total: '100' } };
        const outcomes = await Promise.all([loyalty.earn(command), other.earn(command)]);
        expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1);
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
      }
      expect(await loyalty.balance(member)).toMatchObject({ available: 10 * rounds });
    },
  }),

  ...factsIn(shopWithPoints(1000), {
    'many on one hot card from two connections lose no point': async ({ loyalty, second }, expect) => {
      const other = await second();
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          (index % 2 === 0 ? loyalty : other).redeem({ ...member, points: 7 }),
        ),
      );
      const won = outcomes.filter(({ ok }) => ok).length;
      expect(won).toBe(142);
      const { balance, entries } = await ledgerOf(loyalty, member);
      expect(balance.available).toBe(1000 - 142 * 7);
      expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 143 }, (_, index) => index + 1));
    },

    'capture and release at once: one of them happens': async ({ loyalty, second }, expect) => {
      const other = await second();
      for (let round = 1; round <= rounds; round += 1) {
        const held = await loyalty.hold({ ...member, points: 10 });
        if (!held.ok) throw new Error(held.message);
        const { holdId } = held;
        const before = (await loyalty.balance(member)).total;
        const [captured, released] = await Promise.all([
          loyalty.capture({ ...member, holdId }),
          other.release({ ...member, holdId }),
        ]);
        expect(captured.ok).not.toBe(released.ok);
        const after = await loyalty.balance(member);
        expect(after).toMatchObject({ held: 0, total: captured.ok ? before - 10 : before });
      }
    },
  }),
};
