import { validate } from '@scalar/openapi-parser';
import { describe, expect, test } from 'vitest';
import { document as json } from '../test/checked-handler.ts';
import { openWorld } from '../test/open-world.ts';
import { type Route, routes } from './index.ts';

interface Schema {
  [name: string]: unknown;
}
interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: { in: string; name: string; schema: Schema; explode?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string }>;
}
interface Document {
  servers: unknown;
  security: unknown;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: object };
}

const document = json as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const everyRoute = Object.values(routes).flatMap((area) => Object.values(area) as Route[]);

/** The fields of an operation's body. */
function fieldsOf(operation: Operation | undefined): Record<string, Schema> {
  const { properties = {} } = operation?.requestBody?.content['application/json']?.schema ?? {};
  return properties as Record<string, Schema>;
}

/** Every schema of the document, with the way to it. */
function* schemasIn(value: unknown, at: string): Generator<{ at: string; schema: Schema }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const isSchema = /^(?:schema|items|additionalProperties)$/.test(name) || /\/properties$/.test(at);
    if (isSchema && typeof inner === 'object') yield { at: `${at}/${name}`, schema: inner as Schema };
    yield* schemasIn(inner, `${at}/${name}`);
  }
}
const schemas = [...schemasIn(document, '')];

describe('the document', () => {
  test('is valid', async () => {
    const { valid, errors } = await validate(JSON.stringify(document));
    expect({ valid, errors: errors ?? [] }).toEqual({ valid: true, errors: [] });
  });

  test('is what the handler serves, to anybody', async () => {
    const { send } = await openWorld();
    const response = await send(null, '/openapi.json');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(document);
  });

  test('says where the API is and who may ask', () => {
    expect(document.servers).toEqual([{ url: '.' }]);
    expect(document.security).toEqual([{ bearer: [] }, { session: [] }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'session']);
  });

  test('has every route, and no other; one that goes away is missed', async () => {
    const stated = everyRoute.map(({ method, path }) => `${method} ${path}`);
    const documented = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(documented.sort()).toEqual(stated.sort());
    await expect(`${stated.join('\n')}\n`).toMatchFileSnapshot('../test/routes.txt');
  });
});

describe('an operation', () => {
  test('has an id of its own, a sentence, and who it is for', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(operation.description).toMatch(/For (?:(?:customer|store|service|merchant|admin)(?:, |\.$))+/);
      expect(operation.tags).toHaveLength(1);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['200', '400', '401', '404', 'default']),
      );
    }
  });

  test('names nothing in two of its path, its query and its body', () => {
    const doubled = operations.flatMap(({ operation }) => {
      const names = [...operation.parameters.map(({ name }) => name), ...Object.keys(fieldsOf(operation))];
      return names
        .filter((name, index) => names.indexOf(name) !== index)
        .map((name) => `${operation.operationId} ${name}`);
    });
    expect(doubled).toEqual([]);
  });

  test("asks for nothing that is the API's own to say", () => {
    const asked = operations.flatMap(({ operation }) => Object.keys(fieldsOf(operation)));
    expect(asked.filter((name) => name === 'actor' || name === 'idempotencyKey')).toEqual([]);
  });

  test('has the names of its path as parameters', () => {
    for (const { path, operation } of operations) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const stated = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(stated.map(({ name }) => name)).toEqual(names);
    }
  });

  test('reads lists of a query with commas, as the handler does', () => {
    const lists = operations.flatMap(({ operation }) =>
      operation.parameters.filter(({ schema }) => schema.type === 'array'),
    );
    expect(lists.length).toBeGreaterThan(1);
    expect(lists.filter(({ explode }) => explode !== false)).toEqual([]);
  });

  test('takes texts, numbers and lists in its query: nobody can write an object there', () => {
    const others = operations.flatMap(({ operation }) =>
      operation.parameters.filter(({ schema }) => schema.$ref || schema.type === 'object'),
    );
    expect(others).toEqual([]);
  });
});

describe('a schema', () => {
  test('says what it is of, but where anything is allowed', () => {
    const empty = schemas.filter(({ schema }) => Object.keys(schema).length === 0).map(({ at }) => at);
    const free = /\/(?:metadata|before\/anyOf\/0|after\/anyOf\/0|Problem)\/additionalProperties$/;
    expect(empty.filter((at) => !free.test(at))).toEqual([]);
  });

  test('has no pattern that a person cannot read', () => {
    const patterns = new Set(schemas.map(({ schema }) => schema.pattern).filter((pattern) => pattern));
    expect([...patterns].filter((pattern) => /\(\?/.test(String(pattern)))).toEqual([]);
    expect([...patterns].filter((pattern) => String(pattern).length > 40)).toEqual([]);
  });

  test('of an amount takes a text and a number, of an instant a text with its zone', () => {
    const { properties } = document.components.schemas.Order as { properties: Record<string, Schema> };
    expect(properties.total).toMatchObject({ type: ['string', 'number'], examples: ['499.90'] });
    const of = fieldsOf(document.paths['/store/stamp']?.post);
    expect(of.occurredAt).toMatchObject({ type: 'string', format: 'date-time' });
    expect(of.metadata).toMatchObject({ type: 'object' });
    expect(of.cardNumber).toMatchObject({ type: 'string' });
    expect(of.staff).toEqual({ $ref: '#/components/schemas/StaffPin' });
  });

  test('of everything that is answered has a name and a description, and is closed', () => {
    const open = Object.entries(document.components.schemas).filter(
      ([name, schema]) => name !== 'Problem' && schema.additionalProperties !== false,
    );
    expect(open.map(([name]) => name).filter((name) => !/Gives$/.test(name))).toEqual([]);
    const mute = Object.entries(document.components.schemas).filter(([, schema]) => !schema.description);
    expect(mute.map(([name]) => name)).toEqual([]);
  });
});
