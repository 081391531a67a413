import { unwrap } from '@loyalty-engine/core';
import { describe, expect, it } from 'vitest';
import { hostKnex, openShop } from '../test/open-shop.ts';
import { member, program } from '../test/program.ts';

const order = (id: string) => ({ order: { id, total: '100' } });
const locationId = 'mall';

/** A company's shop on one connection, and a count of what is sent there until the answer comes. */
async function countingShop() {
  let sent = 0;
  const knex = hostKnex({
    pool: {
      min: 0,
      max: 1,
      afterCreate: (connection: { query(...query: unknown[]): unknown }, done: (error?: Error) => void) => {
        const query = connection.query.bind(connection);
        connection.query = (...what) => {
          sent += 1;
          return query(...what);
        };
        done();
      },
    },
  });
  const { loyalty } = await openShop({ knex });
  const merchantId = program.merchantId;
  await loyalty.merchants.register({ id: merchantId, name: 'Cathay' });
  await loyalty.locations.register({ merchantId, id: locationId, name: 'Mall', timeZone: 'Asia/Kolkata' });
  await loyalty.programs.publish({
    ...program,
    effectiveFrom: '2021-01-01T00:00:00Z',
    stamps: { target: 5, reward: { name: 'A coffee' } },
  });
  const gives = { kind: 'item' } as const;
  await loyalty.rewards.publish({
    programId: program.id,
    id: 'mug',
    name: 'Mug',
    price: { points: 10 },
    gives,
  });
  unwrap(await loyalty.earn({ ...member, ...order('first') }));
  /** How many round trips some work takes. */
  const roundTrips = async <Answer>(work: () => Promise<Answer>): Promise<[Answer, number]> => {
    const before = sent;
    const answer = await work();
    return [answer, sent - before];
  };
  return { loyalty, knex, roundTrips };
}

describe('two round trips', () => {
  it('is what a command takes, however its card is named, and for a new card', async () => {
    const { loyalty, roundTrips } = await countingShop();
    const { cardId, cardNumber, qrToken } = await loyalty.cards.get(member);
    const newcomer = { programId: program.id, customerId: 'newcomer' };
    for (const [index, card] of [member, { cardId }, { cardNumber }, { qrToken }, newcomer].entries()) {
      const earned = await roundTrips(() => loyalty.earn({ ...card, ...order(`o${index}`), locationId }));
      expect(earned, JSON.stringify(card)).toMatchObject([{ ok: true }, 2]);
    }
    expect(
      await roundTrips(() => loyalty.cards.enroll({ ...newcomer, customerId: 'another' })),
    ).toMatchObject([{ ok: true }, 2]);
  });

  it('is what spending, stamps, rewards and vouchers take', async () => {
    const { loyalty, roundTrips } = await countingShop();
    const spending = await roundTrips(() => loyalty.redeem({ ...member, points: 5 }));
    const stamping = await roundTrips(() => loyalty.stamp({ ...member, locationId }));
    const [taken, ofReward] = await roundTrips(() => loyalty.rewards.redeem({ ...member, rewardId: 'mug' }));
    const code = unwrap(taken).voucherCode;
    const using = await roundTrips(() => loyalty.rewards.use({ code }));
    expect([spending, stamping, using]).toMatchObject([
      [{ ok: true }, 2],
      [{ ok: true }, 2],
      [{ ok: true }, 2],
    ]);
    expect(ofReward).toBe(2);
  });

  it('is what a batch of 256 takes, of all of these', async () => {
    const { loyalty, roundTrips } = await countingShop();
    const cards = Array.from({ length: 64 }, (_, index) => ({ ...member, customerId: `c${index}` }));
    await Promise.all(cards.map((card) => loyalty.earn({ ...card, ...order('o1') })));
    const [outcomes, sent] = await roundTrips(() => {
      const commands = cards.flatMap((card) => [
        () => loyalty.earn({ ...card, ...order('o2') }),
        () => loyalty.redeem({ ...card, points: 5 }),
        () => loyalty.stamp({ ...card, locationId }),
        () => loyalty.rewards.redeem({ ...card, rewardId: 'mug' }),
      ]);
      return Promise.all(commands.map((command): Promise<{ ok: boolean }> => command()));
    });
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    // The first command is on its way before the others have come.
    expect(sent).toBeLessThanOrEqual(4);
  });
});
