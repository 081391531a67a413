import { identifierSchema } from '@loyalty-engine/core';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { problemSchema } from './answers/problem.ts';
import type { AnyRoute } from './route.ts';
import { bare } from './serve/read-query.ts';

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

const areas = {
  storefront: 'What a shopper sees and does, and the shop on their behalf.',
  store: 'What is done to cards: at tills and terminals with a staff PIN, and by the backend of a merchant.',
  admin: 'Programs, merchants, cards and figures, for those who answer for them.',
} as const;

/** The routes as an OpenAPI document: made of the schemas that the engine itself checks commands with. */
export function openApiDocument(
  routes: Readonly<Record<keyof typeof areas, Readonly<Record<string, AnyRoute>>>>,
): OpenApiDocument {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const area of Object.keys(areas) as (keyof typeof areas)[]) {
    for (const [name, route] of Object.entries(routes[area])) {
      const operation = operationOf(`${area}.${name}`, area, route);
      paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
    }
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Loyalty Engine',
        version: '0.1.0',
        license: { name: 'MIT', identifier: 'MIT' },
        description:
          'Points, stamps, rewards and cards over HTTP. Amounts of money are decimal texts, instants ISO 8601 texts, points whole numbers. ' +
          'Errors are `application/problem+json` (RFC 9457) with a stable `code`. What belongs to another merchant or customer is 404, like what does not exist.',
      },
      // Relative to where the document is: the API is wherever the host has mounted it.
      servers: [{ url: '.' }],
      tags: Object.entries(areas).map(([name, description]) => ({ name, description })),
      security: [{ bearer: [] }, { session: [] }],
      paths,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'Or whatever the `authenticate` of the host reads.',
          },
          session: { type: 'apiKey', in: 'cookie', name: 'session', description: 'A session of the host.' },
        },
      },
    },
    { override: ({ jsonSchema }) => readable(jsonSchema) },
  );
}

/**
 * Takes out what only makes the document long: bounds that every whole number of JSON is within, and the pattern of a day,
 * leap years and all, which its format says.
 */
function readable(schema: {
  minimum?: unknown;
  maximum?: unknown;
  format?: unknown;
  pattern?: unknown;
}): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format === 'date') delete schema.pattern;
}

function operationOf(operationId: string, area: string, route: AnyRoute): ZodOpenApiOperationObject {
  return {
    operationId,
    tags: [area],
    summary: route.summary,
    description: `${route.description ? `${route.description}\n\n` : ''}For ${route.roles.join(', ')}.`,
    requestParams: parametersOf(route),
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse({}).success || 'cardNumber' in route.body.shape,
        content: { 'application/json': { schema: route.body } },
      },
    }),
    responses: responsesOf(route),
  };
}

function parametersOf(route: AnyRoute): NonNullable<ZodOpenApiOperationObject['requestParams']> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const header = { 'Idempotency-Key': keyParameter(route) };
  return {
    ...(names.length > 0 && {
      path: z.object(Object.fromEntries(names.map((name) => [name, identifierSchema]))),
    }),
    query: z.object({ ...queryParameters(route), fields: fieldsParameter(route) }),
    ...(route.key && { header: z.object(header) }),
  };
}

/** The fields of a query: lists are written with commas. */
function queryParameters(route: AnyRoute): Record<string, z.ZodType> {
  const fields = Object.entries<z.ZodType>(route.query?.shape ?? {}).map(([name, field]) => [
    name,
    bare(field) instanceof z.ZodArray
      ? field.meta({ ...field.meta(), param: { style: 'form', explode: false } })
      : field,
  ]);
  return Object.fromEntries(fields);
}

function keyParameter(route: AnyRoute) {
  const key = identifierSchema.meta({
    description:
      'Names the request: sent again with the same content it has no second effect and the same answer. It is one within the card, or, of programs and of what a merchant is and has, within the merchant.',
    examples: ['7d0e9a52-0f6c-4a4b-9f0a-2d6b8b0c5c11'],
  });
  return route.key === 'required' ? key : key.optional();
}

function fieldsParameter({ list }: AnyRoute) {
  const of = list === undefined ? 'the answer' : `each of ${list}`;
  return z
    .string()
    .optional()
    .meta({ description: `Which fields of ${of} to send, with commas between them.` });
}

function responsesOf(route: AnyRoute): ZodOpenApiOperationObject['responses'] {
  const problems = { content: { 'application/problem+json': { schema: problemSchema } } };
  const headers = {
    ...(route.key && {
      'Idempotent-Replayed': {
        description: 'true: the first answer again',
        schema: { type: 'string' as const },
      },
    }),
    ...(route.etag && { ETag: { description: 'For If-None-Match', schema: { type: 'string' as const } } }),
  };
  return {
    '200': {
      description: route.summary,
      ...(Object.keys(headers).length > 0 && { headers }),
      content: { 'application/json': { schema: route.answer } },
    },
    ...(route.etag && { '304': { description: 'It is as it was.' } }),
    '400': { description: 'The request is not valid: `errors` names each field.', ...problems },
    '401': { description: 'Nobody is signed in.', ...problems },
    '404': { description: 'There is no such thing, or it is not yours.', ...problems },
    ...(route.refuses && {
      '409': { description: 'Refused, with a stable `code` and the facts of it.', ...problems },
    }),
    default: { description: 'Not done, with a stable `code`.', ...problems },
  };
}
