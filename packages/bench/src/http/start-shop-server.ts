import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServerAnswers, ServerOrder, ServerQuestion } from './shop-server.ts';

/** The shop in a process of its own. */
export interface ShopServer {
  url: string;
  serviceKey: string;
  ask<Question extends ServerQuestion>(question: Question): Promise<ServerAnswers[Question]>;
}

/** Starts the shop with customers in it. Its log, a line a request, goes where a log costs least. */
export async function startShopServer(
  order: Pick<ServerOrder, 'databaseUrl' | 'folder' | 'customers'>,
): Promise<ShopServer> {
  const log = openSync('/dev/null', 'w');
  const child = fork(fileURLToPath(new URL('shop-server.js', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  closeSync(log);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The shop's process ended with ${String(code)}`);
  });
  ended.catch(() => {});
  const message = () => Promise.race([once(child, 'message').then(([answer]) => answer), ended]);
  const serviceKey = randomBytes(32).toString('base64url');
  child.send({ ...order, serviceKey } satisfies ServerOrder);
  const port = (await message()) as number;
  return {
    url: `http://127.0.0.1:${port}`,
    serviceKey,
    async ask(question) {
      child.send(question);
      return (await message()) as ServerAnswers[typeof question];
    },
  };
}
