import knexOf from 'knex';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../test/test-server.ts';
import { touchInOppositeOrder } from './touch-in-opposite-order.test-data.ts';

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
  const seconds = Number(process.env.SECS ?? 30);
  const touch = (schema: string, withTransactions: number) =>
    touchInOppositeOrder(server.url(), schema, { callers: 64, seconds, withTransactions });
  console.log(await touch('commands', 0));
  expect(await deadlocks()).toBe(0);
  console.log(await touch('transactions', Number(process.env.T)), `and ${await deadlocks()} deadlocks`);
});
