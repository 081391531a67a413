import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { expect, it, onTestFinished } from 'vitest';
import { member, program } from '../test/program.ts';
import { startServer } from '../test/test-server.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const order = (id: string) => ({ ...member, order: { id, total: '50' } });

it('reads from a standby, says that it cannot be written, and carries commands over its promotion', async () => {
  const server = await startServer();
  onTestFinished(server.stop);
  const open = (retryForMs: number) => {
    const store = openPostgresStore({ connectionString: server.url(), retryForMs });
    const loyalty = createLoyalty({ store });
    onTestFinished(() => loyalty.close());
    return { store, loyalty };
  };
  const { store, loyalty: patient } = open(20_000);
  await store.migrate();
  await patient.programs.publish(program);
  unwrap(await patient.earn(order('o1')));
  const [{ data_directory: data }] = (await store.knex.raw('SHOW data_directory')).rows;
  await server.kill();
  const signal = join(data, 'standby.signal');
  writeFileSync(signal, '');
  chmodSync(signal, 0o644);
  await server.restart();

  const { loyalty } = open(0);
  expect((await loyalty.balance(member)).available).toBe(50);
  expect((await loyalty.statement(member)).entries).toHaveLength(1);
  await expect(loyalty.earn(order('o2'))).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });

  const carried = patient.earn(order('o3'));
  await sleep(300);
  await store.knex.raw('SELECT pg_promote()');
  expect(await carried).toMatchObject({ ok: true, replayed: false, points: 50 });
  expect((await loyalty.balance(member)).available).toBe(100);
  expect((await loyalty.verify()).problems).toEqual([]);
}, 60_000);
