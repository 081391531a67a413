import express from 'express';
import { expect } from 'vitest';
import { toExpress } from '../src/to-express.ts';
import { type Listening, listen } from './listen.ts';
import { openWorld, type World } from './open-world.ts';

/** A real Express app on the loopback with the API. Whoever attacks is the platform's admin, who may do everything. */
export type AttackedShop = World & Listening;

/** Opens one, with the API behind `express.json()` or without. */
export async function openShop(parses: boolean, serverOptions = {}): Promise<AttackedShop> {
  const world = await openWorld();
  const app = express();
  if (parses) app.use(express.json());
  app.use('/loyalty', toExpress(world.handler));
  // What express.json() refuses, and any other error of the app: its status and no more.
  app.use(
    (
      error: { status?: number },
      _request: unknown,
      response: express.Response,
      _next: express.NextFunction,
    ) => {
      response.status(error.status ?? 500).end();
    },
  );
  return { ...world, ...(await listen(app, serverOptions)) };
}

export const asAdmin = { authorization: 'Bearer admin' };
export const jsonHeaders = { ...asAdmin, 'content-type': 'application/json', 'idempotency-key': 'attack' };

export function post(shop: AttackedShop, path: string, body: BodyInit, headers: Record<string, string> = {}) {
  return fetch(`${shop.url}/loyalty${path}`, {
    method: 'POST',
    headers: { ...jsonHeaders, ...headers },
    body,
  });
}

/** The head of a request to award points, as it stands on the wire. */
export function head(length: number | string, more = ''): string {
  return (
    `POST /loyalty/store/award HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer admin\r\nContent-Type: application/json\r\n` +
    `Idempotency-Key: k\r\n${length === '' ? '' : `Content-Length: ${length}\r\n`}${more}\r\n`
  );
}

/** A body that the same request with nothing odd about it is carried out with. */
export function award(shop: AttackedShop) {
  return {
    cardId: shop.cathay.cardId,
    points: 7,
    source: { type: 'attack', id: '1' },
    reason: 'An attack',
  };
}

/** All were refused, nothing at all was written, and nothing was told to `onError`. */
export function refusedAll(shop: AttackedShop, statuses: readonly number[]): void {
  expect(statuses.filter((status) => !(status >= 400 && status < 500))).toEqual([]);
  expect(shop.isUntouched()).toBe(true);
  expect(shop.errors).toEqual([]);
}
