import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { expect } from 'vitest';
import { nextMessage, startWorker } from '../../testing/test/worker-process.ts';
import { program } from '../test/program.ts';
import { allMembers, type ContendingLoad, type Tally } from './contend.test-data.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const processes = 2;
const opening = 1_000_000;

/**
 * Callers in two processes touch the same cards in different orders: no command of an engine is rejected, and what was
 * acknowledged adds up. Gives the figures.
 */
export async function touchInOppositeOrder(
  connectionString: string,
  schema: string,
  { callers, seconds, withTransactions }: ContendingLoad,
): Promise<string> {
  const store = openPostgresStore({ connectionString, schema });
  await store.migrate();
  const loyalty = createLoyalty({ store });
  await loyalty.programs.publish(program);
  for (const member of allMembers)
    unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: String(opening) } }));
  const load: ContendingLoad = {
    callers: callers / processes,
    seconds,
    withTransactions: withTransactions / processes,
  };
  const tallies = await Promise.all(
    Array.from({ length: processes }, () => {
      const script = new URL('contend.worker.ts', import.meta.url);
      return nextMessage<Tally>(startWorker(script, connectionString, schema, JSON.stringify(load)));
    }),
  );
  const sum = (of: keyof Tally) => tallies.reduce((total, tally) => total + tally[of], 0);
  const balances = await Promise.all(allMembers.map((member) => loyalty.balance(member)));
  const total = balances.reduce((all, { available }) => all + available, 0);
  expect(total).toBe(allMembers.length * opening + sum('points'));
  expect(await loyalty.verify()).toMatchObject({
    problems: [],
    entries: allMembers.length + sum('commands') + 2 * sum('transactions'),
  });
  await loyalty.close();
  return (
    `${callers} callers in ${processes} processes on ${allMembers.length} cards in any order for ${seconds} s: ` +
    `${sum('commands')} commands, none rejected; ${sum('transactions')} transactions of callers with two commands each, ` +
    `run again ${sum('conflicts')} times`
  );
}
