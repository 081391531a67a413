/** A command of a workload, with the points that a right answer has. */
export interface BenchCommand {
  kind: 'earn' | 'redeem';
  customerId: string;
  orderId: string;
  /** What the customer owes, as a decimal text. */
  total: string;
  points: number;
}

export const workloads = {
  'earn only': { redeemShare: 0, hotCards: null },
  '70/30 earn and redeem': { redeemShare: 0.3, hotCards: null },
  'one hot card, 70/30': { redeemShare: 0.3, hotCards: 1 },
  '64 hot cards, 70/30': { redeemShare: 0.3, hotCards: 64 },
} as const;
export type Workload = keyof typeof workloads;
export const workloadNames = Object.keys(workloads) as Workload[];

export function customerId(index: number): string {
  return `customer-${String(index).padStart(6, '0')}`;
}

/** Commands without end: the same for the same seed, each about an order of its own. */
export function commandsOf(workload: Workload, cards: number, seed: number): () => BenchCommand {
  const { redeemShare, hotCards } = workloads[workload];
  const picked = hotCards ?? cards;
  const random = randomFrom(seed);
  let made = 0;
  return () => {
    made += 1;
    const redeems = random() < redeemShare;
    const rupees = 200 + Math.floor(random() * 600);
    return {
      kind: redeems ? 'redeem' : 'earn',
      customerId: customerId(Math.floor(random() * picked)),
      orderId: `ORDER-${seed}-${made}`,
      total: `${rupees}.50`,
      points: redeems ? 10 + Math.floor(random() * 50) : Math.floor(rupees / 10),
    };
  };
}

/** The orders that give each card its points before the clock runs: three lots, 900 points. */
export function* startingOrders(cards: number): Generator<BenchCommand> {
  for (const [round, points] of [200, 300, 400].entries()) {
    for (let card = 0; card < cards; card += 1) {
      yield {
        kind: 'earn',
        customerId: customerId(card),
        orderId: `START-${card}-${round}`,
        total: `${points * 10}.00`,
        points,
      };
    }
  }
}

/** mulberry32: small, seeded, and good enough to pick cards and amounts. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
