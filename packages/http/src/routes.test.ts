import { describe, expect, test } from 'vitest';
import { operationOf, operations } from '../test/ask.ts';
import { answered } from '../test/checked-handler.ts';
import { openWorld } from '../test/open-world.ts';
import { type Route, routes } from './index.ts';

const all = Object.entries(routes).flatMap(([area, each]) =>
  Object.entries(each).map(([name, route]) => ({ id: `${area}.${name}`, route: route as Route })),
);

describe('every operation, asked for through the client', () => {
  test.each(operations)('$id answers what it says', async (operation) => {
    const { client, cathay } = await openWorld();
    const { roles = [] } = all.find(({ id }) => id === operation.id)?.route ?? {};
    const token = roles.includes('merchant') ? 'cathay merchant' : 'admin';
    const answer = await operationOf(client(token), operation)(operation.call.input(cathay), {
      idempotencyKey: 'key-1',
    });
    expect(answer).toMatchObject(operation.call.answer(cathay));
  });

  test('there is one of each route, and each was answered', () => {
    const ids = all.map(({ id }) => id).sort();
    expect(operations.map(({ id }) => id).sort()).toEqual(ids);
    expect([...answered].sort()).toEqual(ids);
  });
});
