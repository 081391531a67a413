import type { LoyaltyClient } from '../src/index.ts';
import { createLoyaltyClient } from '../src/index.ts';
import { adminCalls } from './admin-calls.ts';
import type { Call } from './call.ts';
import type { World } from './open-world.ts';
import { storeCalls } from './store-calls.ts';
import { storefrontCalls } from './storefront-calls.ts';

/** One operation, and what is sent to it in tests. */
export interface Asked {
  id: string;
  area: keyof LoyaltyClient;
  name: string;
  call: Call<object>;
}

const calls = { storefront: storefrontCalls, store: storeCalls, admin: adminCalls };

/** Every operation of the API. */
export const operations: Asked[] = (Object.keys(calls) as (keyof typeof calls)[]).flatMap((area) =>
  Object.entries(calls[area]).map(([name, call]) => ({ id: `${area}.${name}`, area, name, call })),
);

type AnyClient = Record<string, Record<string, (input: object, options?: object) => Promise<object>>>;

/** The operation of a client by its names. */
export function operationOf(client: LoyaltyClient, { area, name }: Pick<Asked, 'area' | 'name'>) {
  const found = (client as unknown as AnyClient)[area]?.[name];
  if (!found) throw new Error(`the client has no ${area}.${name}`);
  return found;
}

/** An answer as it went over the wire. */
export interface Wire {
  status: number;
  text: string;
}

let lastKey = 0;

/** Sends what the client would send, under a new key, and gives the answer as it is; without a token by nobody. */
export async function ask(
  { handler }: Pick<World, 'handler'>,
  token: string | null,
  asked: Pick<Asked, 'area' | 'name'>,
  input: object,
): Promise<Wire> {
  let wire: Wire | undefined;
  const client = createLoyaltyClient({
    baseUrl: `http://shop.test${handler.basePath}`,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    async fetch(url, init) {
      const response = await handler(new Request(url, init));
      wire = { status: response.status, text: await response.clone().text() };
      return response;
    },
  });
  lastKey += 1;
  try {
    await operationOf(client, asked)(input, { idempotencyKey: `key-${lastKey}` });
  } catch (error) {
    if (!wire) throw error;
  }
  if (!wire) throw new Error('nothing was asked');
  return wire;
}
