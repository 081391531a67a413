import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LoyaltyError } from '@loyalty-engine/core';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { Problem, problemHandler } from './problem.ts';

/** What a route that does this answers; and what was logged. */
async function answerOf(act: () => unknown, init: RequestInit = {}) {
  const logged: unknown[] = [];
  const app = express();
  app.use((request, _response, next) => {
    Object.assign(request, { log: { error: (...facts: unknown[]) => logged.push(facts) } });
    next();
  });
  app.use(express.json({ limit: '1kb' }));
  app.all('/things/:id', () => act());
  app.use(problemHandler);
  const server = createServer(app).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const path = (init as { path?: string }).path ?? '/things/1';
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
  const text = await response.text();
  return { response, text, body: JSON.parse(text) as Record<string, unknown>, logged };
}

const throwing = (error: unknown) => () => {
  throw error;
};
const post = (body: string, type = 'application/json') => ({
  method: 'POST',
  body,
  headers: { 'Content-Type': type },
});

it('a Problem is answered with its status, code, detail and facts', async () => {
  const { response, body } = await answerOf(throwing(new Problem(409, 'OUT_OF_STOCK', 'Gone.', { left: 0 })));
  expect(response.status).toBe(409);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(body).toEqual({
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    code: 'OUT_OF_STOCK',
    detail: 'Gone.',
    left: 0,
  });
});

it.each(['STORE_BUSY', 'STORE_UNAVAILABLE', 'CLOSED'] as const)(
  '%s of the engine is 503 UNAVAILABLE with Retry-After, and logged',
  async (code) => {
    const { response, text, logged } = await answerOf(throwing(new LoyaltyError(code, 'disk is locked')));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(text).toContain('"UNAVAILABLE"');
    expect(text).not.toContain('disk');
    expect(logged).toHaveLength(1);
  },
);

it('facts cannot take the place of status and code', async () => {
  const { body } = await answerOf(
    throwing(new Problem(409, 'REAL', 'Real.', { code: 'FALSE', status: 200 })),
  );
  expect(body).toMatchObject({ code: 'REAL', status: 409 });
});

it('retryAfterSeconds is sent as Retry-After, too', async () => {
  const problem = new Problem(503, 'BUSY', 'Later.', { retryAfterSeconds: 1.2 });
  const { response, body } = await answerOf(throwing(problem));
  expect(response.headers.get('retry-after')).toBe('2');
  expect(body.retryAfterSeconds).toBe(1.2);
});

it('a zod error names every field that is wrong, unknown ones too', async () => {
  const schema = z.strictObject({ items: z.array(z.strictObject({ quantity: z.number() })) });
  const { response, body } = await answerOf(() =>
    schema.parse({ items: [{ quantity: 'x', a: 1, b: 2 }], c: 3 }),
  );
  expect(response.status).toBe(400);
  expect(body).toMatchObject({
    code: 'INVALID_REQUEST',
    detail: expect.stringContaining('items.0.quantity: '),
  });
  const fields = (body.errors as { field: string }[]).map(({ field }) => field);
  expect(fields).toEqual(['items.0.quantity', 'items.0.a', 'items.0.b', 'c']);
});

it('an unknown error is a bare 500, and only the log has it', async () => {
  const error = new Error('SELECT secret FROM accounts');
  const { response, text, body, logged } = await answerOf(throwing(error));
  expect(response.status).toBe(500);
  expect(body.code).toBe('INTERNAL_ERROR');
  expect(text).not.toMatch(/secret|at .*\.ts/);
  expect(logged).toEqual([[{ err: error }, 'INTERNAL_ERROR']]);
});

it('an error that only looks like a refused body is a 500', async () => {
  const { response } = await answerOf(throwing(Object.assign(new Error('x'), { status: 418 })));
  expect(response.status).toBe(500);
});

it.each([
  ['broken JSON', post('{"secret": oops'), 400, 'INVALID_REQUEST'],
  ['a large body', post(JSON.stringify('x'.repeat(2_000))), 413, 'BODY_TOO_LARGE'],
  ['an unknown charset', post('{}', 'application/json; charset=latin9'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'an unknown encoding',
    { ...post('{}'), headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'zip' } },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['a path that is no text', { path: '/things/%E0%A4%A' } as RequestInit, 400, 'INVALID_REQUEST'],
])('%s is refused without repeating what was sent', async (_, init, status, code) => {
  const { response, text, body } = await answerOf(() => undefined, init);
  expect(response.status).toBe(status);
  expect(body.code).toBe(code);
  expect(text).not.toMatch(/secret|%E0/);
});
