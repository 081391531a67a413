import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type LoyaltyHandler, openApiDocument, routes } from '../src/index.ts';

interface Json {
  [name: string]: Json;
}
type Operation = { operationId: string; responses: Record<string, { content?: Record<string, unknown> }> };

/** The document that the handlers of the tests serve, as its readers get it. */
export const document: Json = JSON.parse(JSON.stringify(openApiDocument(routes)));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

const paths = Object.entries(document.paths ?? {}).map(([path, operations]) => ({
  path,
  matcher: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
  operations: operations as unknown as Record<string, Operation>,
}));

/** Operations that were answered with a success since the test began, by their ids. */
export const answered = new Set<string>();

/**
 * The handler, with every answer checked against the OpenAPI document: its status, its content type and its body. What does
 * not fit fails the test that asked.
 */
export function checkedHandler(handler: LoyaltyHandler): LoyaltyHandler {
  const checked = async (request: Request, host?: unknown) => {
    const url = new URL(request.url);
    const response = await handler(request, host);
    const path = url.pathname.slice(handler.basePath.length);
    if (isOfTheApi(path)) await check(request.method, path, url.searchParams, response);
    return response;
  };
  return Object.assign(checked, { basePath: handler.basePath });
}

function isOfTheApi(path: string): boolean {
  return path !== '/openapi.json' && !path.startsWith('/reference');
}

async function check(method: string, path: string, query: URLSearchParams, response: Response) {
  const { status } = response;
  const what = `${method} ${path} answered ${status}`;
  const type = response.headers.get('content-type');
  const text = await response.clone().text();
  const fail = (why: unknown) => {
    throw new Error(
      `${what}: ${typeof why === 'string' ? why : JSON.stringify(why)}\n${text.slice(0, 2000)}`,
    );
  };
  if (!response.headers.get('cache-control')) fail('nothing is said about caching');
  const found = paths.find(({ matcher }) => matcher.test(path));
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = found?.operations[verb];
  if (!found || !operation) {
    if (status < 400) fail('there is no such operation');
    if (method !== 'HEAD') conform(problemCheck, text, fail);
    return;
  }
  const documented = operation.responses[String(status)] ? String(status) : 'default';
  if (status < 400 && documented === 'default') fail('the status is not documented');
  if (status < 400) answered.add(operation.operationId);
  const { content } = operation.responses[documented] ?? {};
  if (!content) {
    if (text !== '') fail('it has a body');
    return;
  }
  if (!type || !content[type]) fail(`the content type ${type} is not documented`);
  if (method === 'HEAD') return;
  const pointer = `/paths/${escaped(found.path)}/${verb}/responses/${documented}/content/${escaped(type ?? '')}/schema`;
  const whole = status < 400 && query.has('fields') ? null : ajv.getSchema(`openapi#${pointer}`);
  conform(whole ?? withSomeFields(pointer), text, fail);
}

const problemCheck = ajv.compile({ $ref: 'openapi#/components/schemas/Problem' });

function conform(validate: ValidateFunction, text: string, fail: (why: unknown) => void): void {
  if (!validate(JSON.parse(text))) fail(validate.errors?.slice(0, 5));
}

/** A schema of an answer from which `fields` has left some out. */
function withSomeFields(pointer: string): ValidateFunction {
  const { required: _required, ...schema } = resolved(at(pointer));
  const properties = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    if (!field.items) return [name, field];
    const { required: _all, ...item } = resolved(field.items);
    return [name, { ...field, items: item }];
  });
  return ajv.compile(
    JSON.parse(
      JSON.stringify({ ...schema, properties: Object.fromEntries(properties) }).replaceAll(
        '"#/components',
        '"openapi#/components',
      ),
    ),
  );
}

function resolved(schema: Json): Json {
  const reference = schema.$ref as unknown as string | undefined;
  return reference === undefined ? schema : at(reference.slice(1));
}

function at(pointer: string): Json {
  const names = pointer.split('/').slice(1);
  return names.reduce<Json>((part, name) => part[unescaped(name)] as Json, document);
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}
