import { expect, test } from 'vitest';
import { clientRoutes } from './client-routes.ts';
import { routes } from './routes/index.ts';

test('the client knows every route as it is', () => {
  const asRouted = Object.entries(routes).map(([area, operations]) => [
    area,
    Object.fromEntries(
      Object.entries(operations).map(([name, { method, path, refuses }]) => [
        name,
        refuses ? [method, path, true] : [method, path],
      ]),
    ),
  ]);
  expect(clientRoutes).toEqual(Object.fromEntries(asRouted));
});
