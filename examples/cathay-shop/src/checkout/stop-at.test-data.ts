import type { ShopDatabase, ShopTransaction } from '../database/shop-database.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import type { PaymentGateway } from '../payments/payment-gateway.ts';

/** Is told of every point that a run comes past, such as `before authorise`; it goes on once the promise is kept. */
export type Passing = (point: string) => Promise<void>;

/** The work of a transaction is done, and nothing of it is committed. */
export const endOfTransaction = 'at the end of the transaction';

/**
 * The same services, which tell of every point at which a crash leaves something else behind: before and after each write to the
 * database, to the engine and to the gateway, and at the end of each transaction that is about to commit.
 */
export function withPoints({ database, gateway, logger }: ShopServices, passing: Passing): ShopServices {
  const times = new Map<string, number>();
  /** The second time that something is done is a point of its own. */
  const pass = (point: string) => {
    const time = (times.get(point) ?? 0) + 1;
    times.set(point, time);
    return passing(time === 1 ? point : `${point} ${time}`);
  };
  const around = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    await pass(`before ${name}`);
    const result = await work();
    await pass(`after ${name}`);
    return result;
  };
  const { loyalty } = database;
  const { checkout } = loyalty;
  const watched: ShopDatabase = {
    ...database,
    loyalty: {
      ...loyalty,
      checkout: {
        ...checkout,
        start: (input) => around('hold', () => checkout.start(input)),
        cancel: (input) => around('release', () => checkout.cancel(input)),
      },
    },
    run: (sql, values) => around(nameOf(sql), () => database.run(sql, values)),
    transaction: (work) =>
      around('transaction', () =>
        database.transaction(async (transaction: ShopTransaction) => {
          const result = await work(transaction);
          await pass(endOfTransaction);
          return result;
        }),
      ),
  };
  const calling: PaymentGateway = {
    ...gateway,
    authorise: (order) => around('authorise', () => gateway.authorise(order)),
    capture: (payment) => around('capture', () => gateway.capture(payment)),
    void: (order) => around('void', () => gateway.void(order)),
    refund: (payment, refund) => around('money back', () => gateway.refund(payment, refund)),
  };
  return { database: watched, gateway: calling, logger };
}

/** What a statement does, for people. */
function nameOf(sql: string): string {
  if (sql.startsWith('INSERT INTO orders')) return 'order row';
  if (sql.startsWith('UPDATE refunds')) return 'refund done';
  const step = /SET step = '(\w+)'/.exec(sql)?.[1];
  return step ?? sql.slice(0, 30);
}
