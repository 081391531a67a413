import { describe, expect, test } from 'vitest';
import { type Asked, ask, operations } from '../test/ask.ts';
import { type Company, nowhere } from '../test/company.ts';
import { changedTables, openWorld, type World } from '../test/open-world.ts';
import { principals } from '../test/principals.ts';
import { type Principal, type Route, routes } from './index.ts';

const notFound = JSON.stringify({
  type: 'urn:loyalty-engine:problem:not-found',
  title: 'There is no such thing, or it is not yours.',
  status: 404,
  code: 'NOT_FOUND',
});

const everyRoute: Record<string, Route> = Object.fromEntries(
  Object.entries(routes).flatMap(([area, each]) =>
    Object.entries(each).map(([name, route]) => [`${area}.${name}`, route as Route]),
  ),
);

/** Principals of Cathay, by their tokens: those who may ask for an operation, and those who may not. */
function callersOf({ id }: Asked): { may: string[]; mayNot: string[] } {
  const roles = everyRoute[id]?.roles ?? [];
  const tokens = Object.keys(principals).filter((token) => token.startsWith('cathay'));
  const isAllowed = (token: string) => roles.includes((principals[token] as Principal).role);
  return {
    may: tokens.filter(isAllowed),
    mayNot: [...tokens, 'admin'].filter((token) => !isAllowed(token)),
  };
}

/** The same value with one company's names in place of another's. */
function renamed(value: unknown, from: Company, to: Company, names: (keyof Company)[]): unknown {
  const name = names.find((one) => from[one] === value);
  if (name !== undefined) return to[name];
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to, names));
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, renamed(inner, from, to, names)]),
  );
}

const allNames = Object.keys(nowhere) as (keyof Company)[];

/** Which of a company's names stand somewhere in a value. */
function namesIn(value: unknown, of: Company): (keyof Company)[] {
  const text = JSON.stringify(value);
  return allNames.filter((name) => text.includes(JSON.stringify(of[name])));
}

/** What of the other merchant's an answer shows that was not said by who asks. */
function leaked(text: string, sent: object, { other }: World): string[] {
  const told = [
    'Company other',
    'Miles of other',
    'Cake of other',
    'At other',
    'other-owner',
    'other-review',
  ];
  const said = JSON.stringify(sent);
  return [...Object.values(other as object), ...told].filter(
    (secret: string) => text.includes(secret) && !said.includes(secret),
  );
}

/** A world to which nothing has happened yet: this one, where that is so. */
async function untouched(world: World | null): Promise<World> {
  return world?.isUntouched() ? world : openWorld();
}

interface Compared {
  token: string;
  foreign: object;
  unknown: object;
  names: (keyof Company)[];
}

/** Asks for what is another merchant's and for what is not there: nobody can tell them apart, and nothing is written. */
async function expectNoDifference(world: World, asked: Asked, { token, foreign, unknown, names }: Compared) {
  const before = world.dump();
  const ofForeign = await ask(world, token, asked, foreign);
  expect(leaked(ofForeign.text, foreign, world)).toEqual([]);
  const written = changedTables(before, world.dump());
  if (ofForeign.status >= 400) expect(written).toEqual([]);
  const again = await untouched(world);
  const ofUnknown = await ask(again, token, asked, unknown);
  expect({ token, names, status: ofForeign.status }).toEqual({ token, names, status: ofUnknown.status });
  if (ofForeign.status < 400) return;
  const neutral = (text: string, company: Company) =>
    names.reduce((left, name) => left.replaceAll(company[name], name), text);
  expect(neutral(ofForeign.text, world.other)).toBe(neutral(ofUnknown.text, nowhere));
}

let world: World = await openWorld();

describe.each(operations)('$id', (asked) => {
  const { may, mayNot } = callersOf(asked);
  const { input } = asked.call;

  test('is nothing that nobody reaches', async () => {
    world = await untouched(world);
    const before = world.dump();
    for (const company of [world.cathay, world.other, nowhere]) {
      const { status, text } = await ask(world, null, asked, input(company));
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    }
    expect(changedTables(before, world.dump())).toEqual([]);
  });

  test('is not there for roles that it is not for', async () => {
    world = await untouched(world);
    const before = world.dump();
    for (const token of mayNot)
      for (const company of [world.cathay, world.other, nowhere])
        expect(await ask(world, token, asked, input(company))).toEqual({ status: 404, text: notFound });
    expect(changedTables(before, world.dump())).toEqual([]);
  });

  test.runIf(everyRoute[asked.id]?.roles.includes('admin'))(
    'reaches every merchant for an admin',
    async () => {
      for (const name of ['cathay', 'other'] as const) {
        world = await untouched(world);
        const { status } = await ask(world, 'admin', asked, input(world[name]));
        expect(status).toBe(200);
      }
    },
  );

  test.each(may)("serves the %s with its own, and shows nothing of another merchant's", async (token) => {
    world = await untouched(world);
    const { status, text } = await ask(world, token, asked, input(world.cathay));
    expect(status).toBe(200);
    expect(leaked(text, {}, world)).toEqual([]);
  });

  test.each(may)("is as if it were not there for the %s with another merchant's names", async (token) => {
    world = await untouched(world);
    const [foreign, unknown] = [input(world.other), input(nowhere)];
    await expectNoDifference(world, asked, { token, foreign, unknown, names: namesIn(unknown, nowhere) });
  });

  test.each(may)('is so for the %s with any one of those names', async (token) => {
    world = await untouched(world);
    const own = input(world.cathay);
    for (const name of namesIn(own, world.cathay)) {
      if (asked.id === 'admin.publishProgram' && name === 'programId') continue;
      const [foreign, unknown] = [world.other, nowhere].map((company) =>
        renamed(own, world.cathay, company, [name]),
      ) as [object, object];
      await expectNoDifference(world, asked, { token, foreign, unknown, names: [name] });
      world = await untouched(world);
    }
  });
});
