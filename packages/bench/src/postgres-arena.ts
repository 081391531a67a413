import { randomBytes } from 'node:crypto';
import type { Changes, LoyaltyStore } from '@loyalty-engine/core';
import { createLoyalty } from '@loyalty-engine/core';
import { openPostgresStore, type PostgresStore } from '@loyalty-engine/postgres';
import knexOf from 'knex';
// The ceiling runs the store's own statements, which no user of the package should.
import { type Call, type PgConnection, runPipeline } from '../../postgres/src/pipeline.ts';
import { statementsFor } from '../../postgres/src/statements.ts';
import { writeCalls } from '../../postgres/src/write-changes.ts';
import { startServer } from '../../postgres/test/test-server.ts';
import type { Arena, Ceiling } from './contender.ts';
import { engineContender } from './engine-contender.ts';
import { enrol } from './enrol.ts';
import { handWrittenKnex } from './hand-written-knex.ts';
import { runPgbench } from './pgbench.ts';
import { benchProgram } from './program.ts';

const schema = 'loyalty';

/** Databases on a server of its own, or on the one that DATABASE_URL names. */
export function postgresArena(): Arena {
  let server: { url(database?: string): string; stop(): Promise<void> } | undefined;
  let description = '';
  const names: string[] = [];
  const urls = new WeakMap<LoyaltyStore, string>();

  const start = async () => {
    if (server) return server;
    const given = process.env.DATABASE_URL;
    server = given
      ? { url: (database) => withDatabase(given, database), stop: async () => {} }
      : await startServer();
    description = await describePostgres(server.url());
    return server;
  };
  const admin = async (sql: string, bindings: string[]) => {
    const knex = knexOf({ client: 'pg', connection: (await start()).url(), pool: { min: 0, max: 1 } });
    try {
      return (await knex.raw(sql, bindings)).rows as Record<string, unknown>[];
    } finally {
      await knex.destroy();
    }
  };
  const create = async (template?: string): Promise<string> => {
    const name = `loyalty_bench_${randomBytes(6).toString('hex')}`;
    if (template === undefined) await admin('CREATE DATABASE ??', [name]);
    else await admin('CREATE DATABASE ?? TEMPLATE ??', [name, template]);
    names.push(name);
    // Nobody's commit pays for writing the copy to the disk.
    await admin('CHECKPOINT', []);
    return name;
  };
  const drop = async (name: string) => {
    names.splice(names.indexOf(name), 1);
    await admin('DROP DATABASE IF EXISTS ?? WITH (FORCE)', [name]);
  };
  const dropping = <T extends { close(): Promise<void> }>(name: string, opened: T): T => ({
    ...opened,
    async close() {
      await opened.close();
      await drop(name);
    },
  });
  const open = async (name: string, synchronousCommit: 'on' | 'off'): Promise<PostgresStore> => {
    const url = new URL((await start()).url(name));
    url.searchParams.set('options', `-c synchronous_commit=${synchronousCommit}`);
    return openPostgresStore({ connectionString: url.href, pool: { max: 4 } });
  };

  let ownTemplate = '';
  let handTemplate = '';
  return {
    targets: {
      mixedToCeiling: 0.65,
      mixedToHand: 10,
      hotToSpread: 0.5,
      hotToHand: 10,
      aloneToHand: 1,
      aloneP99ToHand: 1.5,
      mixedToPgbench: 2.5,
    },
    describe: () => description,
    async prepare(cards) {
      ownTemplate = await create();
      const store = await open(ownTemplate, 'off');
      await store.migrate();
      await createLoyalty({ store }).programs.publish(benchProgram);
      await enrol(engineContender(store), cards);
      handTemplate = await create();
      await enrol(await handWrittenKnex((await start()).url(handTemplate), schema, 256), cards);
    },
    async store() {
      const name = await create(ownTemplate);
      const store = dropping(name, await open(name, 'on'));
      urls.set(store, (await start()).url(name));
      return store;
    },
    async scratchStore() {
      const name = await create(ownTemplate);
      return dropping(name, await open(name, 'off'));
    },
    async handWritten(callers) {
      const name = await create(handTemplate);
      return dropping(name, await handWrittenKnex((await start()).url(name), schema, callers));
    },
    ceilingAtOnce: 2,
    async ceiling(recorded, atOnce) {
      const name = await create(ownTemplate);
      return ceilingOn(dropping(name, await open(name, 'on')), recorded, atOnce);
    },
    async reference(seconds) {
      const clients = 8;
      const result = await runPgbench((await start()).url(), { clients, seconds });
      if ('missing' in result) return result;
      return { title: `${result.version}, TPC-B at ${clients} clients`, rate: result.tps };
    },
    urlOf(store) {
      const found = urls.get(store);
      if (found === undefined) throw new Error('The store is not one of this arena');
      return found;
    },
    emptyDatabase: async () => {
      const name = await create();
      return (await start()).url(name);
    },
    async bytes() {
      let bytes = 0;
      for (const name of names) {
        if (name === ownTemplate || name === handTemplate) continue;
        const [row] = await admin('SELECT pg_database_size(?) AS bytes', [name]);
        bytes += Number(row?.bytes);
      }
      return bytes;
    },
    async close() {
      for (const name of [...names]) await drop(name);
      await server?.stop();
    },
  };
}

/** The recorded batches, ready to be sent in order; some at once, where they share no card, as the store sends them. */
async function ceilingOn(
  store: PostgresStore,
  recorded: readonly Changes[],
  atOnce: number,
): Promise<Ceiling> {
  const statements = statementsFor(schema);
  const call = (statement: Call['statement']): Call => ({ statement, values: [] });
  const batches = recorded.map((changes) => ({
    cards: new Set(changes.cards.map(({ card }) => card.cardId)),
    calls: [
      call(statements.begin),
      call(statements.byIndex),
      ...writeCalls(statements, changes),
      call(statements.commit),
    ],
  }));
  const acquire = (): Promise<PgConnection> => store.knex.client.acquireConnection();
  const connections: PgConnection[] = [];
  while (connections.length < atOnce) connections.push(await acquire());
  return {
    store: {
      ...store,
      async close() {
        for (const connection of connections) await store.knex.client.releaseConnection(connection);
        await store.close();
      },
    } satisfies LoyaltyStore,
    async write() {
      const free = [...connections];
      const inFlight = new Map<(typeof batches)[number], Promise<void>>();
      for (const batch of batches) {
        const shares = (other: typeof batch) => [...batch.cards].some((card) => other.cards.has(card));
        while (free.length === 0 || [...inFlight.keys()].some(shares)) await Promise.race(inFlight.values());
        const connection = free.pop() as PgConnection;
        const sent = runPipeline(connection, batch.calls, true).then(() => {
          free.push(connection);
          inFlight.delete(batch);
        });
        inFlight.set(batch, sent);
      }
      await Promise.all(inFlight.values());
    },
  };
}

function withDatabase(url: string, database?: string): string {
  if (database === undefined) return url;
  const target = new URL(url);
  target.pathname = `/${database}`;
  return target.href;
}

async function describePostgres(url: string): Promise<string> {
  const knex = knexOf({ client: 'pg', connection: url, pool: { min: 0, max: 1 } });
  try {
    const show = async (name: string) => (await knex.raw(`SHOW ${name}`)).rows[0][name] as string;
    return `PostgreSQL ${await show('server_version')} on this machine, fsync=${await show('fsync')}, synchronous_commit=${await show('synchronous_commit')}, shared_buffers=${await show('shared_buffers')}, max_wal_size=${await show('max_wal_size')}, for all alike`;
  } finally {
    await knex.destroy();
  }
}
