import { createLoyalty, type Loyalty, type Outcome, unwrap } from '@loyalty-engine/core';
import { expect } from 'vitest';
import { hostKnex, openShop } from '../test/open-shop.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const times = 50;

type Member = { programId: string; customerId: string };
type Send = (loyalty: Loyalty, member: Member, content: number) => Promise<Outcome<object>>;

const idempotencyKey = 'till 7';
const reason = 'Test';

/** Commands that are the same command whenever they are sent, and another one under the same key with other content. */
const commands: Record<string, Send> = {
  'an earning': (loyalty, member, content) =>
    loyalty.earn({ ...member, order: { id: 'o2', total: `${50 + content}` } }),
  'an award': (loyalty, member, content) =>
    loyalty.award({ ...member, points: 5 + content, source: { type: 'review', id: '1' }, reason }),
  'an adjustment': (loyalty, member, content) =>
    loyalty.adjust({ ...member, points: 5 + content, reasonCode: 'gift', actor: 'clerk', idempotencyKey }),
  'a redemption': (loyalty, member, content) =>
    loyalty.redeem({ ...member, points: 10 + content, idempotencyKey }),
  'a hold': (loyalty, member, content) => loyalty.hold({ ...member, points: 10 + content, idempotencyKey }),
  'a refund of a part': (loyalty, member, content) =>
    loyalty.refund({ ...member, orderId: 'o1', amount: `${20 + content}`, reason, idempotencyKey }),
};

/**
 * Sends the same command fifty times at once from two engines on two pools, again and again for new customers: one
 * effect and fifty equal outcomes; with another content among them only one of the two contents is carried out. Gives the
 * figures.
 */
export async function sendSameKeyAtOnce(rounds: number): Promise<string> {
  const { loyalty, schema } = await openShop();
  const other = createLoyalty({ store: openPostgresStore({ knex: hostKnex(), schema }) });
  const atOnce = (send: Send, member: Member, contentOf: (index: number) => number) =>
    Promise.all(
      Array.from({ length: times }, (_, index) =>
        send(index % 2 === 0 ? loyalty : other, member, contentOf(index)),
      ),
    );
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, send] of Object.entries(commands)) {
      const [one, two] = ['a', 'b'].map((letter) => ({
        programId: 'miles',
        customerId: `${name} ${round}${letter}`,
      })) as [Member, Member];
      for (const member of [one, two])
        unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '100' } }));

      const equal = await atOnce(send, one, () => 0);
      expectOneEffect(equal);
      await expectLedger(loyalty, one, equal);
      expect(await send(other, one, 1)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
      await expectLedger(loyalty, one, equal);

      const mixed = await atOnce(send, two, (index) => (index % 7 < 3 ? 1 : 0));
      const accepted = mixed.filter(({ ok }) => ok);
      expectOneEffect(accepted);
      const refused = mixed.filter(({ ok }) => !ok);
      expect(new Set(refused.map((outcome) => !outcome.ok && outcome.code))).toEqual(
        new Set(['IDEMPOTENCY_KEY_REUSED']),
      );
      await expectLedger(loyalty, two, accepted);
    }
  }
  expect((await loyalty.verify()).problems).toEqual([]);
  const sent = rounds * Object.keys(commands).length;
  return `${sent} commands, each ${times} times at once from two engines, and again with another content among them: one effect each`;
}

/** Equal outcomes of which one is the first. */
function expectOneEffect(outcomes: readonly Outcome<object>[]): void {
  const accepted = outcomes.map((outcome) => unwrap(outcome));
  expect(accepted.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const [first, ...others] = accepted.map((outcome) => ({ ...outcome, replayed: null }));
  for (const outcome of others) expect(outcome).toEqual(first);
}

/** The card has what the command wrote, once, after the earning before it. */
async function expectLedger(
  loyalty: Loyalty,
  member: Member,
  outcomes: readonly Outcome<object>[],
): Promise<void> {
  const { entries, balance } = unwrap(outcomes[0] as Outcome<object>);
  const { nextExpiry: _next, ...figures } = await loyalty.balance(member);
  expect(figures).toEqual(balance);
  expect((await loyalty.statement(member)).entries.slice(1)).toMatchObject(entries);
  expect((await loyalty.statement(member)).entries).toHaveLength(1 + entries.length);
}
