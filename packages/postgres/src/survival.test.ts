import { setTimeout as sleep } from 'node:timers/promises';
import { type Loyalty, unwrap } from '@loyalty-engine/core';
import { expect, inject, it } from 'vitest';
import { guessFromTwoProcesses } from '../../testing/test/guess-pins.ts';
import { startWorker } from '../../testing/test/worker-process.ts';
import { freshSchema } from '../test/fresh-schema.ts';
import { openShop } from '../test/open-shop.ts';
import { cutCommands, cutTransactions } from './cut-connection.test-data.ts';
import { killApplication } from './kill-application.test-data.ts';
import { raceForBalance } from './race-for-balance.test-data.ts';
import { restartServer } from './restart-server.test-data.ts';
import { sendSameKeyAtOnce } from './same-key.test-data.ts';
import { sweepBesideRedeems } from './sweep-beside-redeems.test-data.ts';
import { touchInOppositeOrder } from './touch-in-opposite-order.test-data.ts';

// What survival.deep.test.ts and survival.crash.test.ts do for minutes, for seconds.
const timeout = 60_000;

it('of 1,000 who redeem one balance at once exactly one wins, every time', () => raceForBalance(3), timeout);

it(
  'a command sent 50 times at once under one key has one effect, and another under that key has none',
  () => sendSameKeyAtOnce(2),
  timeout,
);

it(
  'of 1,000 wrong PINs from two processes five are looked at',
  async () => {
    const { store, schema } = await openShop();
    const script = new URL('guess-pins.worker.ts', import.meta.url);
    await guessFromTwoProcesses(store, () => startWorker(script, inject('postgresUrl'), schema));
  },
  timeout,
);

it(
  'an application killed in mid-load loses nothing that it acknowledged, and a retry doubles nothing',
  () => killApplication(inject('postgresUrl'), freshSchema().schema, 2),
  timeout,
);

it(
  'a server that is broken off and started again costs its callers nothing but time',
  () => restartServer(1),
  timeout,
);

it.each([
  { preparedStatements: true, retryForMs: 5_000, fromConnecting: false, every: 5 },
  { preparedStatements: true, retryForMs: 0, fromConnecting: false, every: 11 },
  { preparedStatements: false, retryForMs: 5_000, fromConnecting: false, every: 13 },
])(
  'a connection cut anywhere on the way of a command has it carried out once (prepared statements: $preparedStatements, tried again: $retryForMs ms, from connecting: $fromConnecting)',
  async (cuts) => {
    await cutCommands(cuts);
  },
  timeout,
);

it(
  "a connection cut anywhere in a caller's transaction leaves all of it or nothing",
  () => cutTransactions({ preparedStatements: true, retryForMs: 5_000, fromConnecting: false, every: 5 }),
  timeout,
);

it(
  'callers that touch the same cards in opposite order hear of no deadlock',
  () =>
    touchInOppositeOrder(inject('postgresUrl'), freshSchema().schema, {
      callers: 16,
      seconds: 1,
      withTransactions: 0,
    }),
  timeout,
);

it(
  "a batch that the server breaks off for its deadlock with a caller's transaction is settled after it",
  async () => {
    const { loyalty, knex } = await openShop();
    const earn = (on: Pick<Loyalty, 'earn'>, customerId: string, id: string) =>
      on.earn({ programId: 'miles', customerId, order: { id, total: '10' } }).then(unwrap);
    await earn(loyalty, 'first', 'o1');
    await earn(loyalty, 'second', 'o1');
    const together = await knex.transaction(async (trx) => {
      await earn(loyalty.using(trx), 'second', 'o2');
      // The batch takes the first card and waits for the second, and does so for longer than the transaction then does.
      const batch = Promise.all([earn(loyalty, 'first', 'o3'), earn(loyalty, 'second', 'o3')]);
      await sleep(100);
      await earn(loyalty.using(trx), 'first', 'o2');
      return { batch };
    });
    const balances = (await together.batch).map(({ balance }) => balance.available);
    expect(balances).toEqual([30, 30]);
  },
  timeout,
);

it(
  'eight sweepers in two processes beside redemptions expire each lot once',
  () => sweepBesideRedeems(200),
  timeout,
);
