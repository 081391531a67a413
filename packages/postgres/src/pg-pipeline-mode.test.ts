import { unwrap } from '@loyalty-engine/core';
import { describe, expect, inject, it } from 'vitest';
import { freshSchema } from '../test/fresh-schema.ts';
import { award, hostKnex, openShop } from '../test/open-shop.ts';
import { member } from '../test/program.ts';
import { expectedAnswers, usualCommands } from '../test/usual-commands.ts';
import { openPostgresStore } from './open-postgres-store.ts';

/** A host's Knex whose connections pg pipelines by itself; these take no query objects of others. */
const pipelining = () =>
  hostKnex({ connection: { connectionString: inject('postgresUrl'), pipeline: true } as object });

describe("a host that has switched pg's own pipeline mode on", () => {
  it.each([true, false])(
    'gets the answers of the memory store, prepared statements: %s',
    async (prepared) => {
      const knex = pipelining();
      const store = openPostgresStore({ knex, schema: freshSchema().schema, preparedStatements: prepared });
      await store.migrate();
      expect(await usualCommands(store)).toEqual(await expectedAnswers());
    },
  );

  it('has its transactions kept whole where the database refuses a row', async () => {
    const { knex, schema, loyalty } = await openShop({ knex: pipelining() });
    await award(loyalty, 100);
    await knex.raw(`ALTER TABLE "${schema}".entries ADD CONSTRAINT unlucky CHECK (points <> -13)`);
    await expect(loyalty.redeem({ ...member, points: 13 })).rejects.toMatchObject({
      code: 'STORE_CONSTRAINT',
    });
    await knex.transaction(async (trx) => {
      const inside = loyalty.using(trx);
      await expect(inside.redeem({ ...member, points: 13 })).rejects.toMatchObject({
        code: 'STORE_CONSTRAINT',
      });
      unwrap(await inside.redeem({ ...member, points: 20 }));
    });
    expect((await loyalty.balance(member)).available).toBe(80);
    expect((await loyalty.verify()).problems).toEqual([]);
  });
});
