import {
  type CardState,
  decideEarn,
  decideRedeem,
  type EarnCommand,
  earnPoints,
  earnSchema,
  newCardState,
  type Order,
  type OrderInput,
  orderSchema,
  parseInput,
  priceOrder,
  redeemSchema,
} from '@loyalty-engine/core';
import { Bench } from 'tinybench';
import { benchVersion } from './program.ts';
import { table, whole } from './table.ts';

const member = { programId: 'bench', customerId: 'sachin' };
const now = Date.UTC(2026, 0, 15, 6, 30);

const totalOnly: OrderInput = { id: 'ORDER123', total: '500' };
const twentyLines: OrderInput = {
  id: 'ORDER124',
  shipping: '49.50',
  discount: '100',
  lines: Array.from({ length: 20 }, (_, index) => ({
    sku: `SKU-${index}`,
    category: index % 5 === 0 ? 'gift-cards' : 'books',
    quantity: 1 + (index % 3),
    unitPrice: `${100 + index}.25`,
    ...(index % 4 === 0 ? { discount: '5.05' } : {}),
  })),
};

/** The rules on one core: from pure arithmetic to a whole decision with its outcome and explanation. */
export async function benchRules(seconds: number): Promise<string> {
  const version = benchVersion();
  const bench = new Bench({ time: seconds * 1000, warmupTime: 500 });
  const state = cardWithPoints();
  const calculate = (order: Order) => earnPoints(priceOrder(order, version), version, 0);
  for (const [name, order] of [
    ['total only', totalOnly],
    ['20 lines', twentyLines],
  ] as const) {
    const parsed = orderSchema.parse(order);
    const command: EarnCommand = parseInput(earnSchema, { ...member, order });
    if (calculate(parsed).points === 0) throw new Error(`${name} earns nothing`);
    mustBeOk(decideEarn(state, command, now));
    bench.add(`earn calculation, ${name}`, () => calculate(parsed));
    bench.add(`parse and calculate, ${name}`, () => calculate(parseInput(orderSchema, order)));
    bench.add(`decide an earn, ${name}`, () => decideEarn(state, command, now));
  }
  const redeem = parseInput(redeemSchema, { ...member, order: totalOnly, points: 250 });
  mustBeOk(decideRedeem(state, redeem, now));
  bench.add('decide a redemption from three lots', () => decideRedeem(state, redeem, now));
  await bench.run();
  const rows = bench.tasks.map(({ name, result }) => {
    if (!('latency' in result)) throw new Error(`${name} was not measured: ${result.state}`);
    return [name, whole(1000 / result.period), (result.latency.p50 * 1000).toFixed(2)];
  });
  return table(['rule', 'a second', 'median µs'], rows);
}

function mustBeOk({ outcome }: ReturnType<typeof decideEarn | typeof decideRedeem>): void {
  if (!outcome.ok) throw new Error(`Refused: ${outcome.code}`);
}

/** A card that earned three times; redeeming 250 takes from each of its lots. */
function cardWithPoints(): CardState {
  let state = newCardState({ cardId: 'CARD', ...member }, [benchVersion()]);
  for (const [index, total] of ['1000', '1000', '2000'].entries()) {
    const command = parseInput(earnSchema, { ...member, order: { id: `START-${index}`, total } });
    const decision = decideEarn(state, command, now - (3 - index) * 86_400_000);
    mustBeOk(decision);
    decision.changed?.commit();
    state = decision.changed?.state ?? state;
  }
  return state;
}
