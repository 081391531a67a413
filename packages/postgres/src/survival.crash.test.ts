import { it, onTestFinished } from 'vitest';
import { startServer } from '../test/test-server.ts';
import { killApplication } from './kill-application.test-data.ts';
import { restartServer } from './restart-server.test-data.ts';

const kills = 100;
const restarts = 20;

it(`kill -9 of the application, ${kills} times: nothing acknowledged is lost, nothing is doubled by a retry`, async () => {
  const server = await startServer();
  onTestFinished(server.stop);
  console.log(await killApplication(server.url(), 'loyalty', kills));
});

it(`immediate stop and restart of the server, ${restarts} times: nothing acknowledged is lost, nothing is doubled`, async () => {
  console.log(await restartServer(restarts));
});
