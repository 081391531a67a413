import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from './listen.ts';

const local = { host: '127.0.0.1', port: 0 };

/** An application whose one route answers when it is told to. */
function slowApp() {
  let answer = (): void => {};
  let isAsked = (): void => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const app = express();
  app.get('/slow', (_request, response) => {
    answer = () => void response.send('done');
    isAsked();
  });
  app.get('/quick', (_request, response) => void response.send('quick'));
  return { app, asked, answer: () => answer() };
}

/** A request on a connection that the client would keep. */
async function get(url: string, agent: Agent): Promise<IncomingMessage> {
  const [response] = await once(request(url, { agent }).end(), 'response');
  response.resume();
  return response;
}

test('waits for requests under way and ends their connections, kept or not', async () => {
  const { app, asked, answer } = slowApp();
  const server = await listen(app, local);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  expect((await get(`${server.url}/quick`, agent)).headers.connection).toBe('keep-alive');
  const slow = get(`${server.url}/slow`, agent);
  await asked;
  let isClosed = false;
  const closing = server.close(10_000).then((isDone) => {
    isClosed = true;
    return isDone;
  });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(isClosed).toBe(false);
  answer();
  expect(await slow).toMatchObject({ statusCode: 200, headers: { connection: 'close' } });
  expect(await closing).toBe(true);
  await expect(get(`${server.url}/quick`, agent)).rejects.toThrow('ECONNREFUSED');
});

test('an idle connection keeps nobody waiting', async () => {
  const server = await listen(slowApp().app, local);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  await get(`${server.url}/quick`, agent);
  const start = performance.now();
  expect(await server.close(10_000)).toBe(true);
  expect(performance.now() - start).toBeLessThan(3_000);
});

test('a request that arrives just when it closes is still answered', async () => {
  const server = await listen(slowApp().app, local);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  await get(`${server.url}/quick`, agent);
  const closing = server.close(10_000);
  expect((await get(`${server.url}/quick`, agent)).headers.connection).toBe('close');
  expect(await closing).toBe(true);
});

test('after the deadline what is left is cut off, and it says so', async () => {
  const { app, asked } = slowApp();
  const server = await listen(app, local);
  const slow = fetch(`${server.url}/slow`);
  slow.catch(() => {});
  await asked;
  expect(await server.close(50)).toBe(false);
  await expect(slow).rejects.toThrow();
});

test('says what to do about a port that is taken, and about a host that is none of this machine', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  await expect(listen(slowApp().app, { host: '127.0.0.1', port })).rejects.toThrow(
    `Port ${port} is taken. Choose another: PORT=${port + 1} npm start`,
  );
  await expect(listen(slowApp().app, { host: '203.0.113.7', port: 0 })).rejects.toThrow(
    '203.0.113.7 is no address of this machine',
  );
});
