import type { Knex } from 'knex';
import type { ShopDatabase } from '../../../../examples/cathay-shop/src/database/shop-database.ts';
import type { Simulator } from '../../../../examples/cathay-shop/src/payments/simulator.ts';
import { openingPoints } from './customers.ts';

interface PaidOrder {
  id: string;
  step: string;
  due: number | string;
}

/** What in the shop's books does not add up after a run: orders that are not over, money, points. */
export async function shopBooksProblems(database: ShopDatabase, gateway: Simulator): Promise<string[]> {
  const orders = await database.all<PaidOrder>('SELECT id, step, amount_due_minor AS due FROM orders');
  const { problems } = await database.loyalty.verify();
  return [...moneyProblems('shop', orders, gateway), ...problems.map((problem) => JSON.stringify(problem))];
}

/** The same of the hand-written ones. */
export async function handBooksProblems(database: Knex, gateway: Simulator): Promise<string[]> {
  const orders = await database('orders').select('id', 'step', { due: 'amount_due_minor' });
  const wrong = await database('customers as c')
    .select('id')
    .whereRaw(
      'balance <> ? + (SELECT coalesce(sum(points), 0) FROM points_log WHERE customer_id = c.id) OR held <> 0',
      [openingPoints],
    );
  return [
    ...moneyProblems('by hand', orders, gateway),
    ...wrong.map(({ id }) => `by hand: the balance of ${id} is not the sum of its log`),
  ];
}

function moneyProblems(whose: string, orders: readonly PaidOrder[], gateway: Simulator): string[] {
  const charged = new Map(gateway.ledger().map(({ orderId, netCharged }) => [orderId, netCharged]));
  const problems: string[] = [];
  for (const { id, step, due } of orders) {
    if (step !== 'done') problems.push(`${whose}: order ${id} is ${step}`);
    if ((charged.get(id) ?? 0) !== Number(due)) problems.push(`${whose}: order ${id} was not charged ${due}`);
    charged.delete(id);
  }
  for (const id of charged.keys()) problems.push(`${whose}: ${id} was charged without an order`);
  return problems;
}
