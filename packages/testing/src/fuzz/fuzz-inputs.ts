import { type Loyalty, LoyaltyError, unwrap } from '@loyalty-engine/core';
import fc from 'fast-check';
import type { FuzzCard, FuzzTarget } from './fuzz-target.ts';
import { fuzzTargets } from './fuzz-targets.ts';
import { mutate } from './mutate.ts';

export interface FuzzOptions {
  /** How many inputs. */
  runs: number;
  /** What chooses the inputs; a failure names its own. Default: other ones each time. */
  seed?: number;
}

/** What became of the inputs. */
export interface FuzzResult {
  accepted: number;
  refused: number;
  invalid: number;
}

const programId = 'fuzz';
const merchantId = 'cathay';
const inputsPerCard = 50;
const mostMilliseconds = 5_000;
const expectedErrors = new Set([
  'INVALID_COMMAND',
  'PROGRAM_NOT_FOUND',
  'CARD_NOT_FOUND',
  'PROGRAM_CONFLICT',
  'MERCHANT_NOT_FOUND',
  'LOCATION_NOT_FOUND',
  'REWARD_NOT_FOUND',
  'STAFF_NOT_FOUND',
  'STAFF_EXISTS',
  // The engine of this run has no hasher: where one is needed the input has passed.
  'NO_PIN_HASHER',
]);

/**
 * Sends hostile inputs to every command and reading: valid ones with one field replaced by what has ever broken a parser.
 * Each must be answered by an outcome or a LoyaltyError about the input, within seconds; what is not accepted must leave
 * the ledger as it was; no prototype may be polluted; and the books must be clean at the end.
 *
 * @throws Error naming the input and the seed.
 */
export async function fuzzInputs(loyalty: Loyalty, { runs, seed }: FuzzOptions): Promise<FuzzResult> {
  const chosen = seed ?? Math.floor(Math.random() * 2 ** 31);
  const die = fc.nat({ max: 2 ** 30 });
  const dice = fc.sample(fc.tuple(die, die, die, die, die), { numRuns: runs, seed: chosen });
  const result: FuzzResult = { accepted: 0, refused: 0, invalid: 0 };
  const prototypes = namesOfPrototypes();
  await publishProgram(loyalty);
  await registerCompany(loyalty);
  let card: FuzzCard | null = null;
  for (const [nonce, [which, ...rest]] of dice.entries()) {
    if (!card || nonce % inputsPerCard === 0) card = await openCard(loyalty, nonce);
    card.nonce = nonce;
    const target = fuzzTargets[which % fuzzTargets.length] as FuzzTarget;
    const { input, what } = mutate(target.valid(card), rest);
    const answered = await naming(`input ${nonce + 1} of seed ${chosen}: ${target.name} that ${what}`, () =>
      sendOne(loyalty, target, input, card as FuzzCard),
    );
    result[answered] += 1;
    if (namesOfPrototypes() !== prototypes)
      throw new Error(`${target.name} that ${what} polluted a prototype`);
  }
  const verified = await loyalty.verify();
  if (!verified.ok) throw new Error(`The books do not add up: ${JSON.stringify(verified.problems)}`);
  return result;
}

async function publishProgram(loyalty: Loyalty): Promise<void> {
  await loyalty.programs.publish({
    id: programId,
    merchantId,
    name: 'Fuzz',
    currency: 'INR',
    timeZone: 'Asia/Kolkata',
    effectiveFrom: '2020-01-01T00:00:00Z',
    points: {
      earn: { points: 1, perAmount: '10', excludeCategories: ['books'] },
      redeem: { valuePerPoint: '0.25' },
      expiry: { kind: 'after-earning', months: 12 },
    },
    stamps: { target: 3, maxPerVisit: 10, reward: { name: 'A coffee' } },
  });
}

async function registerCompany({ merchants, locations, rewards }: Loyalty): Promise<void> {
  await merchants.register({ id: merchantId, name: 'Cathay' });
  await locations.register({ merchantId, id: 'mumbai', name: 'Mumbai', timeZone: 'Asia/Kolkata' });
  const gives = { kind: 'item' } as const;
  await rewards.publish({ programId, id: 'mug', name: 'A mug', price: { points: 1 }, gives });
}

async function openCard(loyalty: Loyalty, nonce: number): Promise<FuzzCard> {
  const member = { programId, customerId: `fuzz-${nonce}` };
  const source = { type: 'fuzz', id: 'opening' };
  unwrap(await loyalty.award({ ...member, points: 1000, source, reason: 'Opening' }));
  const lines = [
    { id: 'a', quantity: 900, unitPrice: '1' },
    { sku: 'sku-2', quantity: 900, unitPrice: '1' },
  ];
  unwrap(await loyalty.earn({ ...member, order: { id: 'known', lines } }));
  const { holdId } = unwrap(await loyalty.hold({ ...member, points: 10, holdMinutes: 43_200 }));
  const { entry: stampEntry } = unwrap(await loyalty.stamp({ ...member, stamps: 9 }));
  const { voucherCode } = unwrap(await loyalty.redeemStamps(member));
  const other = { programId, customerId: `other-${nonce}` };
  const { cardId: otherId } = unwrap(await loyalty.cards.enroll(other));
  const { cardId, cardNumber, qrToken } = await loyalty.cards.get(member);
  return { ...member, cardId, holdId, otherId, cardNumber, qrToken, voucherCode, stampEntry, nonce };
}

async function sendOne(
  loyalty: Loyalty,
  target: FuzzTarget,
  input: unknown,
  card: FuzzCard,
): Promise<keyof FuzzResult> {
  const member = { programId: card.programId, customerId: card.customerId };
  const look = async () => {
    const seen = await Promise.all([
      loyalty.balance(member),
      loyalty.statement(member, { limit: 1, order: 'newest-first' }),
      loyalty.cards.get({ cardId: card.cardId }),
      loyalty.merchants.get(merchantId),
      loyalty.rewards.get(programId, 'mug'),
    ]);
    return JSON.stringify(seen);
  };
  const before = await look();
  const startedAt = performance.now();
  const answered = await answerOf(target.send(loyalty, input, card));
  const took = performance.now() - startedAt;
  if (took > mostMilliseconds) throw new Error(`took ${Math.round(took)} ms`);
  if (answered !== 'accepted' && (await look()) !== before)
    throw new Error(`was ${answered}, but changed the ledger`);
  return answered;
}

async function answerOf(sent: Promise<unknown>): Promise<keyof FuzzResult> {
  try {
    const answer = await sent;
    if (typeof answer !== 'object') throw new TypeError(`answered ${String(answer)}`);
    JSON.stringify(answer);
    return answer !== null && 'ok' in answer && answer.ok === false && 'code' in answer
      ? 'refused'
      : 'accepted';
  } catch (error) {
    if (error instanceof LoyaltyError && expectedErrors.has(error.code)) return 'invalid';
    throw error;
  }
}

function namesOfPrototypes(): string {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype]
    .flatMap((prototype) => Reflect.ownKeys(prototype).map(String))
    .join();
}

async function naming<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Error(`${what}: ${told}`, { cause: error });
  }
}
