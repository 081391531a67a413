import { once } from 'node:events';
import { openPostgresStore } from '@loyalty-engine/postgres';
import type { ProcessOrder } from './bench-processes.ts';
import { drive } from './drive.ts';
import { engineContender } from './engine-contender.ts';
import { commandsOf } from './workload.ts';

// One application process: drives its callers as it is told, and answers with commands a second.
const [order] = (await once(process, 'message')) as [ProcessOrder];
const { url, workload, cards, callers, seconds, seed } = order;
const engine = engineContender(openPostgresStore({ connectionString: url, pool: { max: 4 } }));
await drive(engine, commandsOf(workload, cards, seed + 1_000_000), callers, { seconds: 1 });
const { commands, seconds: taken } = await drive(engine, commandsOf(workload, cards, seed), callers, {
  seconds,
});
await engine.close();
process.send?.(commands / taken);
