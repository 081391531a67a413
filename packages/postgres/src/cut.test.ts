import { it } from 'vitest';
import { cutCommands, cutTransactions } from './cut-connection.test-data.ts';

for (const preparedStatements of [true, false])
  for (const retryForMs of [5000, 0])
    it(`x ${preparedStatements} ${retryForMs}`, async () => {
      const t = performance.now();
      console.log(await cutCommands({ preparedStatements, retryForMs, every: 1 }), performance.now() - t);
    }, 120_000);
for (const preparedStatements of [true, false])
  it(`t ${preparedStatements}`, async () => {
    const t = performance.now();
    console.log(
      await cutTransactions({ preparedStatements, retryForMs: 5000, every: 1 }),
      performance.now() - t,
    );
  }, 30_000);
