import { it } from 'vitest';
import { freshSchema } from '../test/fresh-schema.ts';
import { killApplication } from './kill-application.test-data.ts';
import { raceForBalance } from './race-for-balance.test-data.ts';
import { restartServer } from './restart-server.test-data.ts';
import { sendSameKeyAtOnce } from './same-key.test-data.ts';

it('of 1,000 who redeem one balance at once exactly one wins, 3 rounds', () => raceForBalance(3), 60_000);

it('a command sent 50 times at once under one key has one effect', () => sendSameKeyAtOnce(2), 60_000);

it('kill -9 of the application, 2 times: nothing acknowledged is lost, nothing is doubled by a retry', async () => {
  const { schema, url } = freshSchema();
  await killApplication(url, schema, 2);
}, 60_000);

it('an immediate stop and restart of the server: nothing acknowledged is lost, nothing is doubled', async () => {
  await restartServer(1);
}, 60_000);
