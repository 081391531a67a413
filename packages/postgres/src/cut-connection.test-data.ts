import { createLoyalty, type Loyalty, type Outcome, unwrap } from '@loyalty-engine/core';
import { expect, inject, onTestFinished } from 'vitest';
import { hostKnex, openShop } from '../test/open-shop.ts';
import { type Cut, startProxy } from '../test/tcp-proxy.ts';
import { openPostgresStore } from './open-postgres-store.ts';

type Member = { programId: string; customerId: string };

interface Command {
  /** The card is there, and has earned. */
  onOldCard: boolean;
  /** Sent twice by a caller it is two commands. */
  isNewEachTime: boolean;
  send(loyalty: Loyalty, member: Member): Promise<Outcome<object>>;
}

const orderOf = (member: Member) => ({ ...member, order: { id: 'o2', total: '50' } });
const earn: Command['send'] = (loyalty, member) => loyalty.earn(orderOf(member));
const commands: Record<string, Command> = {
  'first earning': { onOldCard: false, isNewEachTime: false, send: earn },
  earning: { onOldCard: true, isNewEachTime: false, send: earn },
  redemption: {
    onOldCard: true,
    isNewEachTime: true,
    send: (loyalty, member) => loyalty.redeem({ ...member, points: 10 }),
  },
  'refund of a part': {
    onOldCard: true,
    isNewEachTime: true,
    send: (loyalty, member) => loyalty.refund({ ...member, orderId: 'o1', amount: '20', reason: 'Test' }),
  },
};

export interface Cuts {
  preparedStatements: boolean;
  /** Of the store whose connection is cut. */
  retryForMs: number;
  /** Begins with the command's connecting; otherwise the connection is there, and knows its statements. */
  fromConnecting: boolean;
  /** 1 cuts after each message, 3 after every third. */
  every: number;
}

/** A shop, and an engine on it that has a single connection, by way of a proxy. */
async function proxiedShop({ preparedStatements, retryForMs }: Cuts) {
  const { loyalty: direct, schema, knex } = await openShop();
  const url = inject('postgresUrl');
  const proxy = await startProxy(Number(new URL(url).port || 5432));
  onTestFinished(proxy.stop);
  const proxied = hostKnex({ connection: proxy.url(url), pool: { min: 0, max: 1 } });
  const store = openPostgresStore({ knex: proxied, schema, preparedStatements, retryForMs });
  /** The entries of a member's card, by the other way. */
  const ledgerOf = async (member: Member) => {
    const { entries } = await direct.statement(member);
    return entries.map(({ kind, points }) => `${kind} ${points}`).join(', ');
  };
  const memberFor = async (customerId: string, onOldCard: boolean) => {
    const member = { programId: 'miles', customerId };
    if (onOldCard) unwrap(await direct.earn({ ...member, order: { id: 'o1', total: '100' } }));
    return member;
  };
  return { direct, knex, schema, proxy, proxied, loyalty: createLoyalty({ store }), ledgerOf, memberFor };
}

/**
 * Cuts the connection after every message of a command's way through the store, in both directions. The command is carried
 * out by the store's own second attempt, or the caller hears of it; sent again it is carried out once. Gives the figures.
 */
export async function cutCommands(cuts: Cuts): Promise<string> {
  const shop = await proxiedShop(cuts);
  const { direct, loyalty, ledgerOf } = shop;
  const totals = { cut: 0, carried: 0, rejected: 0, writtenThough: 0 };
  const ledgers = new Map<Member, string>();
  for (const [name, command] of Object.entries(commands)) {
    const control = await shop.memberFor(`${name}, control`, command.onOldCard);
    const before = await ledgerOf(control);
    await command.send(direct, control);
    const after = await ledgerOf(control);
    for (const direction of ['to-server', 'to-client'] as const) {
      for (let message = 1; ; message += cuts.every) {
        const where = `${name}, ${direction} ${message}`;
        const member = await shop.memberFor(where, command.onOldCard);
        const result = await sendAndCut(shop, cuts, command, member, { direction, message });
        if (!result) break;
        totals.cut += 1;
        if ('outcome' in result) {
          totals.carried += 1;
          unwrap(result.outcome);
          ledgers.set(member, after);
        } else {
          expect(result.error, where).toMatchObject({ code: 'STORE_UNAVAILABLE' });
          totals.rejected += 1;
          const found = await ledgerOf(member);
          expect([before, after], where).toContain(found);
          if (found === after) totals.writtenThough += 1;
          if (!command.isNewEachTime) {
            unwrap(await command.send(direct, member));
            ledgers.set(member, after);
          }
        }
        if (cuts.retryForMs > 0) await loyalty.balance(member);
      }
    }
  }
  // Now that no cut connection is left whose transaction could still be on its way.
  for (const [member, ledger] of ledgers) expect(await ledgerOf(member), member.customerId).toBe(ledger);
  expect((await direct.verify()).problems).toEqual([]);
  if (cuts.retryForMs > 0) expect(totals.rejected).toBe(0);
  return (
    `connection cut after ${totals.cut} messages of commands, ${describeCuts(cuts)}: ` +
    `${totals.carried} carried through by the store, ${totals.rejected} rejected, ` +
    `${totals.writtenThough} of those written though and not doubled`
  );
}

type ProxiedShop = Awaited<ReturnType<typeof proxiedShop>>;

/** What came of a command whose connection was cut after a message; null where there are fewer messages. */
async function sendAndCut(
  { loyalty, proxy, proxied, memberFor }: ProxiedShop,
  { fromConnecting }: Cuts,
  command: Command,
  member: Member,
  cut: Cut,
): Promise<{ outcome: Outcome<object> } | { error: unknown } | null> {
  if (fromConnecting) {
    await proxied.destroy();
    proxied.initialize();
  } else {
    const another = await memberFor(`${member.customerId}, before`, command.onOldCard);
    await command.send(loyalty, another).catch(() => {});
  }
  proxy.cutAfter(cut);
  const result = await command.send(loyalty, member).then(
    (outcome) => ({ outcome }),
    (error: unknown) => ({ error }),
  );
  const reached = proxy.counts()[cut.direction] >= cut.message;
  proxy.disarm();
  return reached ? result : null;
}

/**
 * Cuts the connection after every message of a caller's own transaction with a command in it: the caller's row and the
 * points are both there or both not, and never both where the transaction had not come to its commit. Gives the figures.
 */
export async function cutTransactions(cuts: Cuts): Promise<string> {
  const { knex, schema, proxy, proxied, loyalty, memberFor, ledgerOf, direct } = await proxiedShop(cuts);
  await knex.schema.withSchema(schema).createTable('sales', (table) => table.text('id').primary());
  const totals = { cut: 0, rejected: 0, writtenThough: 0 };
  for (const direction of ['to-server', 'to-client'] as const) {
    for (let message = 1; ; message += cuts.every) {
      const id = `${direction} ${message}`;
      const member = await memberFor(id, true);
      unwrap(await earn(loyalty, await memberFor(`${id}, before`, true)));
      let cameToCommit = false;
      proxy.cutAfter({ direction, message });
      const committed = await proxied
        .transaction(async (trx) => {
          await trx.withSchema(schema).table('sales').insert({ id });
          unwrap(await loyalty.using(trx).earn(orderOf(member)));
          cameToCommit = true;
        })
        .then(
          () => true,
          () => false,
        );
      const reached = proxy.counts()[direction] >= message;
      proxy.disarm();
      if (!reached) break;
      totals.cut += 1;
      if (!committed) totals.rejected += 1;
      await loyalty.balance(member);
      const sold = (await knex.withSchema(schema).table('sales').where({ id })).length === 1;
      expect(await ledgerOf(member), id).toBe(sold ? 'earn 100, earn 50' : 'earn 100');
      if (committed) expect(sold, id).toBe(true);
      if (!cameToCommit) expect(sold, id).toBe(false);
      if (sold && !committed) totals.writtenThough += 1;
    }
  }
  expect((await direct.verify()).problems).toEqual([]);
  return (
    `connection cut after ${totals.cut} messages of transactions of callers, ${describeCuts(cuts)}: ` +
    `${totals.rejected} rejected, ${totals.writtenThough} of those in their commit and written, all or nothing each time`
  );
}

function describeCuts({ preparedStatements, retryForMs, fromConnecting }: Cuts): string {
  return `${fromConnecting ? 'from connecting on, ' : ''}${preparedStatements ? 'with' : 'without'} prepared statements, tried again for ${retryForMs} ms`;
}
