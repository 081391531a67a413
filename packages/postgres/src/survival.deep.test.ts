import knexOf from 'knex';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../test/test-server.ts';
import { cutCommands, cutTransactions } from './cut-connection.test-data.ts';
import { raceForBalance } from './race-for-balance.test-data.ts';
import { sendSameKeyAtOnce } from './same-key.test-data.ts';
import { sweepBesideRedeems } from './sweep-beside-redeems.test-data.ts';
import { touchInOppositeOrder } from './touch-in-opposite-order.test-data.ts';

it('of 1,000 who redeem one balance at once exactly one wins, 200 rounds', async () => {
  console.log(await raceForBalance(200));
});

it('a command sent 50 times at once under one key has one effect, and another under that key has none', async () => {
  console.log(await sendSameKeyAtOnce(50));
});

it.each([
  { preparedStatements: true, retryForMs: 5_000, fromConnecting: false, every: 1 },
  { preparedStatements: true, retryForMs: 0, fromConnecting: false, every: 1 },
  { preparedStatements: false, retryForMs: 5_000, fromConnecting: false, every: 1 },
  { preparedStatements: false, retryForMs: 0, fromConnecting: false, every: 1 },
  { preparedStatements: true, retryForMs: 5_000, fromConnecting: true, every: 1 },
])(
  'a connection cut after any message of a command has it carried out once (prepared statements: $preparedStatements, tried again: $retryForMs ms, from connecting: $fromConnecting)',
  async (cuts) => {
    console.log(await cutCommands(cuts));
  },
);

it.each([true, false])(
  "a connection cut after any message of a caller's transaction leaves all of it or nothing, prepared statements: %s",
  async (preparedStatements) => {
    console.log(
      await cutTransactions({ preparedStatements, retryForMs: 5_000, fromConnecting: false, every: 1 }),
    );
  },
);

it('callers that touch the same cards in opposite order hear of no deadlock', async () => {
  const server = await startServer();
  onTestFinished(server.stop);
  const knex = knexOf({ client: 'pg', connection: server.url() });
  onTestFinished(() => knex.destroy());
  const deadlocks = async () => {
    const { rows } = await knex.raw(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return Number(rows[0].deadlocks);
  };
  const load = { callers: 64, seconds: 30 };
  console.log(await touchInOppositeOrder(server.url(), 'commands', { ...load, withTransactions: 0 }));
  expect(await deadlocks()).toBe(0);
  const beside = await touchInOppositeOrder(server.url(), 'transactions', { ...load, withTransactions: 8 });
  console.log(`${beside}; ${await deadlocks()} deadlocks`);
});

it('eight sweepers in two processes beside redemptions expire each of 100,000 lots once', async () => {
  console.log(await sweepBesideRedeems(20_000));
});
