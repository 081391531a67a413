import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EntryPage, entryKinds } from '@loyalty-engine/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import { problem, problemOfRefusal } from '../problem.ts';
import { entrySchema } from './entry.ts';
import { problemSchema } from './problem.ts';
import { type RealAnswer, realAnswers } from './real-answers.test-data.ts';

const here = new URL('.', import.meta.url);
const files = readdirSync(here).filter((file) => !file.includes('.test'));
const modules = await Promise.all(files.map((file) => import(fileURLToPath(new URL(file, here)))));
/** Every schema of this folder, by its name. */
const schemas = modules
  .flatMap((module) => Object.entries<unknown>(module))
  .filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType)
  .filter(([name]) => name.endsWith('Schema'));

const problems: RealAnswer[] = [
  ['a problem of the API', problemSchema, problem('NOT_FOUND').body],
  [
    'an invalid request',
    problemSchema,
    problem('INVALID_REQUEST', { facts: { errors: [{ field: 'order.id', message: 'is missing' }] } }).body,
  ],
  [
    'a refusal with facts',
    problemSchema,
    problemOfRefusal({ ok: false, code: 'NOT_ENOUGH_POINTS', message: 'Too few.', available: 3, asked: 10 })
      .body,
  ],
];
const answers = [...(await realAnswers()), ...problems];

describe('what the engine answers', () => {
  test.each(answers)('%s has no field that its schema does not know', (_what, schema, json) => {
    expect(schema.parse(json)).toEqual(json);
  });

  test('is of every schema that a route can have', () => {
    const seen = new Set(answers.map(([, schema]) => schema));
    const parts = ['balanceFiguresSchema', 'cardSummarySchema', 'entrySchema', 'givesSchema', 'stepSchema'];
    const unseen = schemas.filter(([, schema]) => !seen.has(schema)).map(([name]) => name);
    expect(unseen.sort()).toEqual(parts);
  });

  test('has entries of every kind, and every field that an entry can have', () => {
    const listed = answers.find(([what]) => what === 'entries')?.[2] as EntryPage;
    expect(new Set(listed.entries.map(({ kind }) => kind))).toEqual(new Set(entryKinds));
    const fields = new Set(listed.entries.flatMap((entry) => Object.keys(entry)));
    expect(Object.keys(entrySchema.shape).filter((field) => !fields.has(field))).toEqual([]);
  });
});

describe('the JSON Schema of an answer', () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const checks = new Map(
    schemas.map(([, schema]) => [schema, ajv.compile(z.toJSONSchema(schema, { io: 'output' }))] as const),
  );

  test.each(answers)('%s is valid under it', (_what, schema, json) => {
    const check = checks.get(schema);
    check?.(json);
    expect(check?.errors).toBeNull();
  });

  test.each(answers)(
    '%s is not valid with a field more, but where it is a problem',
    (_what, schema, json) => {
      expect(checks.get(schema)?.({ ...(json as object), more: 1 })).toBe(schema === problemSchema);
    },
  );
});

describe('the document', () => {
  const responses = Object.fromEntries(
    schemas.map(([name, schema]) => [
      name,
      { description: name, content: { 'application/json': { schema } } },
    ]),
  );
  const { components } = createDocument({
    openapi: '3.1.1',
    info: { title: 'answers', version: '1' },
    paths: { '/': { get: { responses } } },
  } as never);

  test('has a named component of every answer, each with a description', () => {
    const found = Object.values(components?.schemas ?? {}) as { description?: string }[];
    expect(found.length).toBeGreaterThan(50);
    expect(found.filter(({ description }) => !description)).toEqual([]);
  });
});
