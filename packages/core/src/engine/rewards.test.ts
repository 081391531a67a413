import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { day, milesProgram, noon } from '../fixtures.test-data.ts';
import { rewardsTable } from '../ports/merchant-tables.ts';
import { programSchema } from '../program/program.ts';
import { nextVersion } from '../program/version.ts';
import { by, openCompany } from './company.test-data.ts';

const miles = { programId: 'miles' };
const coffee = {
  ...miles,
  id: 'coffee',
  name: 'A coffee',
  price: { points: 100 },
  gives: { kind: 'item' as const },
};

async function company() {
  const opened = await openCompany(memoryStore());
  const { store } = opened;
  const publish = (program: Parameters<typeof milesProgram>[1]) => {
    const parsed = programSchema.parse(milesProgram({}, program));
    return store.publish(parsed.id, (existing) => nextVersion(existing, parsed, noon));
  };
  await publish({});
  await publish({ id: 'yen', currency: 'JPY', merchantId: 'unregistered' });
  /** As if customers had redeemed so many. */
  const redeem = (redeemed: number) =>
    store.changeRecords([{ table: rewardsTable, key: ['miles', 'coffee'] }], ([row]) => ({
      rows: [{ table: rewardsTable, row: { ...(row as object), redeemed }, isNew: false }],
      result: null,
    }));
  return { ...opened, redeem };
}

describe('publishing a reward', () => {
  test('puts it into the catalogue', async () => {
    const { rewards } = await company();
    const published = await rewards.publish({
      ...coffee,
      stock: 50,
      perCustomer: 2,
      activeFrom: new Date(noon),
      activeUntil: '2026-02-01T00:00:00+05:30',
    });
    expect(published).toEqual({
      ...coffee,
      activeFrom: new Date(noon).toISOString(),
      activeUntil: '2026-01-31T18:30:00.000Z',
      stock: 50,
      stockLeft: 50,
      redeemed: 0,
      perCustomer: 2,
      voucherDays: 90,
      status: 'active',
    });
    expect(await rewards.get('miles', 'coffee')).toEqual(published);
  });

  test('without stock has no end of it', async () => {
    const { rewards } = await company();
    expect(await rewards.publish(coffee)).toMatchObject({ stock: null, stockLeft: null });
  });

  test('is recorded with its merchant, as are edits: what changed, from what to what', async () => {
    const { rewards, merchants } = await company();
    await rewards.publish(coffee);
    await rewards.publish({ ...coffee, price: { points: 120 }, ...by });
    const { changes } = await merchants.changes('cathay');
    expect(changes.slice(-2)).toMatchObject([
      { actor: 'system', subject: 'reward', subjectId: 'coffee', action: 'published', before: null },
      {
        actor: 'anita',
        action: 'changed',
        before: { price: { points: 100 } },
        after: { price: { points: 120 } },
      },
    ]);
    expect(Object.keys(changes.at(-1)?.after ?? {})).toEqual(['programId', 'price']);
  });

  test('again changes and records nothing', async () => {
    const { rewards, recorded } = await company();
    const full = {
      ...coffee,
      price: { stamps: 10 },
      gives: { kind: 'percent-off' as const, percent: 20, maxAmount: '50.00' },
      stock: 5,
      perCustomer: 1,
      activeUntil: new Date(noon + day),
    };
    const first = await rewards.publish(full);
    const { length } = await recorded();
    expect(await rewards.publish(full)).toEqual(first);
    expect(await recorded()).toHaveLength(length);
  });

  test('edits it without forgetting what was redeemed', async () => {
    const { rewards, redeem } = await company();
    await rewards.publish({ ...coffee, stock: 50 });
    await redeem(30);
    expect(await rewards.publish({ ...coffee, name: 'Filter coffee', stock: 40 })).toMatchObject({
      name: 'Filter coffee',
      redeemed: 30,
      stockLeft: 10,
    });
    expect(await rewards.publish({ ...coffee, stock: 30 })).toMatchObject({ stockLeft: 0 });
    await expect(rewards.publish({ ...coffee, stock: 29 })).rejects.toMatchObject({
      code: 'INVALID_COMMAND',
      field: 'stock',
    });
    expect(await rewards.publish(coffee)).toMatchObject({ stock: null, redeemed: 30 });
  });

  test('of an unknown program is an error', async () => {
    const { rewards } = await company();
    await expect(rewards.publish({ ...coffee, programId: 'none' })).rejects.toMatchObject({
      code: 'PROGRAM_NOT_FOUND',
    });
  });

  test('works for a merchant that was never registered, and records nothing', async () => {
    const { rewards, merchants } = await company();
    await rewards.publish({ ...coffee, programId: 'yen' });
    expect(await rewards.get('yen', 'coffee')).toMatchObject({ status: 'active' });
    expect(await merchants.get('unregistered')).toBeNull();
    expect((await merchants.changes('unregistered')).changes).toEqual([]);
  });

  test.each([
    [{ gives: { kind: 'amount-off', amount: '9.999' } }, 'gives.amount'],
    [{ gives: { kind: 'amount-off', amount: '0' } }, 'gives.amount'],
    [{ gives: { kind: 'amount-off', amount: '-5' } }, 'gives.amount'],
    [{ gives: { kind: 'percent-off', percent: 10, maxAmount: '0.001' } }, 'gives.maxAmount'],
    [{ gives: { kind: 'percent-off', percent: 101 } }, 'gives.percent'],
    [{ price: { points: 0 } }, 'price'],
    [{ price: { points: 5, stamps: 5 } }, 'price'],
    [{ stock: -1 }, 'stock'],
    [{ perCustomer: 0 }, 'perCustomer'],
    [{ activeFrom: new Date(noon), activeUntil: new Date(noon) }, 'activeUntil'],
    [{ colour: 'brown' }, 'colour'],
  ])('with %j is refused, naming the field', async (part, field) => {
    const { rewards } = await company();
    await expect(rewards.publish({ ...coffee, ...part } as never)).rejects.toMatchObject({
      code: 'INVALID_COMMAND',
      field: expect.stringContaining(field),
    });
  });

  test("takes amounts of the program's own currency", async () => {
    const { rewards } = await company();
    const off = (amount: string) => ({ ...coffee, gives: { kind: 'amount-off' as const, amount } });
    expect(await rewards.publish(off('9.99'))).toMatchObject({ gives: { amount: '9.99' } });
    const yen = { ...off('9.99'), programId: 'yen' };
    await expect(rewards.publish(yen)).rejects.toMatchObject({ field: 'gives.amount' });
    expect(await rewards.publish({ ...off('500'), programId: 'yen' })).toMatchObject({
      gives: { amount: '500' },
    });
  });
});

describe('a reward', () => {
  test('is withdrawn and reinstated with an actor and a reason, once each', async () => {
    const { rewards, merchants, recorded } = await company();
    await rewards.publish(coffee);
    const which = { ...miles, id: 'coffee', ...by };
    expect(await rewards.withdraw({ ...which, reason: 'no beans' })).toMatchObject({ status: 'withdrawn' });
    expect((await merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      action: 'withdrawn',
      before: { status: 'active' },
      after: { status: 'withdrawn', reason: 'no beans' },
    });
    await rewards.withdraw(which);
    expect(await rewards.publish(coffee)).toMatchObject({ status: 'withdrawn' });
    expect(await rewards.reinstate(which)).toMatchObject({ status: 'active' });
    expect((await recorded()).slice(-2)).toEqual(['reward coffee withdrawn', 'reward coffee reinstated']);
  });

  test.each([
    ['miles', 'none'],
    ['yen', 'coffee'],
    ['none', 'coffee'],
  ])('%s %s is not found', async (programId, id) => {
    const { rewards } = await company();
    await rewards.publish(coffee);
    const gone = { code: 'REWARD_NOT_FOUND', message: 'The program has no such reward' };
    await expect(rewards.withdraw({ programId, id, ...by })).rejects.toMatchObject(gone);
    await expect(rewards.reinstate({ programId, id, ...by })).rejects.toMatchObject(gone);
    expect(await rewards.get(programId, id)).toBeNull();
  });
});

test('rewards are listed by id, all of them or those of one status, page by page', async () => {
  const { rewards } = await company();
  for (let index = 0; index < 10; index += 1) {
    await rewards.publish({ ...coffee, id: `r${index}` });
    if (index % 3 !== 0) await rewards.withdraw({ ...miles, id: `r${index}`, ...by });
  }
  await rewards.publish({ ...coffee, programId: 'yen' });
  const idsOf = async (query: Parameters<typeof rewards.list>[1]) => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await rewards.list('miles', { ...query, ...(cursor === null ? {} : { cursor }) });
      ids.push(...page.rewards.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return ids;
  };
  expect(await idsOf({})).toHaveLength(10);
  for (const limit of [1, 2, 4, 50]) {
    expect(await idsOf({ limit, status: 'active' })).toEqual(['r0', 'r3', 'r6', 'r9']);
    expect(await idsOf({ limit, status: 'withdrawn' })).toEqual(['r1', 'r2', 'r4', 'r5', 'r7', 'r8']);
  }
  expect((await rewards.list('none')).rewards).toEqual([]);
});
