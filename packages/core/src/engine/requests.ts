import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import { refusalMessages } from '../commands/refusal.ts';
import { LoyaltyError } from '../errors.ts';
import { type ClaimedRequest, claimSeconds, ofFreeKey } from '../merchant/claimed-request.ts';
import type { Ids } from '../ports/ids.ts';
import { requestsTable } from '../ports/merchant-tables.ts';
import { identifierSchema, isCleanText } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import type { Books } from './record-change.ts';

const requestSchema = z.strictObject({
  scope: identifierSchema,
  key: identifierSchema,
  fingerprint: z
    .string()
    .min(1)
    .max(100)
    .refine(isCleanText, { message: 'expected text without control characters' }),
});

/** A request by its key: `key` is one within `scope`, and `fingerprint`, up to 100 characters, is the same for the same content. */
export type RequestInput = z.input<typeof requestSchema>;

/** What a request came to; `replayed` where that is the answer of the first one under its key. */
export interface Answered<Answer> {
  answer: Answer;
  replayed: boolean;
}

/** Requests that are no commands of a card, and are to be carried out once. */
export interface Requests {
  /**
   * Carries a request out, once under its key: the same again is answered with what the first came to, and changes nothing,
   * whatever has changed since. It is remembered for seven days. Where `run` throws, nothing is kept and the key is free.
   * The answer is kept as JSON; `kept` says what a repetition sees in its place, where it holds what is shown only once.
   *
   * Where a process ends in the middle of a request, or the answer cannot be kept, the same is refused as REQUEST_UNDER_WAY
   * until a minute after it began and then carried out again: `run` must come to the same when it is done twice, and takes
   * less than a minute. A request that may have been carried out leaves its key to no other content.
   *
   * @throws LoyaltyError IDEMPOTENCY_KEY_REUSED for the key with another fingerprint, REQUEST_UNDER_WAY while the first one
   * is; InvalidCommandError; what `run`, `kept` and the store throw.
   * @example
   * const request = { scope: 'cathay', key: 'f81d4fae', fingerprint: 'sha256:9b74c989' }
   * const register = () => loyalty.locations.register(mall)
   * await loyalty.requests.once(request, register) //=> { answer: { id: 'mall', ... }, replayed: false }
   * await loyalty.requests.once(request, register) //=> { answer: { id: 'mall', ... }, replayed: true }
   */
  once<Answer extends object>(
    request: RequestInput,
    run: () => Promise<Answer>,
    kept?: (answer: Answer) => Answer,
  ): Promise<Answered<Answer>>;
}

/** Carries requests out once; see `Requests`. */
export function requestsOf(store: Books, now: () => Instant, ids: Pick<Ids, 'next'>): Requests {
  return {
    async once(input, run, kept = (answer) => answer) {
      const request = { ...parseInput(requestSchema, input), at: now(), claimId: ids.next(), answer: null };
      const found = await claim(store, request);
      if (found.claimId !== request.claimId) return { answer: answerOf(found, request), replayed: true };
      const answer = await runOrFree(store, request, run);
      // From here on it was carried out: should keeping the answer fail, the key stays taken.
      await settle(store, { ...request, answer: textOf(kept(answer)) });
      return { answer, replayed: false };
    },
  };
}

async function runOrFree<Answer>(
  store: Books,
  request: ClaimedRequest,
  run: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    // Whoever sends it again need not wait. Should this fail too, they wait a minute.
    await settle(store, { ...request, fingerprint: ofFreeKey }).catch(() => {});
    throw error;
  }
}

/** An answer as it is kept; what JSON has no word for, as a function without an answer, is null and no request under way. */
function textOf(answer: unknown): string {
  return JSON.stringify(answer) ?? 'null';
}

/** The request that the key is of: this one, unless another one under the key was answered or is under way. */
function claim(store: Books, request: ClaimedRequest): Promise<ClaimedRequest> {
  return store.changeRecords([placeOf(request)], ([found]) => {
    const first = found as ClaimedRequest | null;
    if (first && !givesWay(first, request)) return { rows: [], result: first };
    return { rows: [{ table: requestsTable, row: request, isNew: first === null }], result: request };
  });
}

/** True where the first request failed, or was broken off and is carried out again. */
function givesWay(first: ClaimedRequest, { fingerprint, at }: ClaimedRequest): boolean {
  if (first.answer !== null) return false;
  if (first.fingerprint === ofFreeKey) return true;
  return first.fingerprint === fingerprint && first.at + claimSeconds * 1000 <= at;
}

/** Writes what became of a request, unless another one has taken its place. */
function settle(store: Books, request: ClaimedRequest): Promise<void> {
  return store.changeRecords([placeOf(request)], ([found]) => {
    const isOurs = (found as ClaimedRequest | null)?.claimId === request.claimId;
    return {
      rows: isOurs ? [{ table: requestsTable, row: request, isNew: false }] : [],
      result: undefined,
    };
  });
}

function placeOf({ scope, key }: ClaimedRequest) {
  return { table: requestsTable, key: [scope, key] };
}

/** What the first request under the key came to. */
function answerOf<Answer>(first: ClaimedRequest, { fingerprint }: ClaimedRequest): Answer {
  if (first.fingerprint !== fingerprint)
    throw new LoyaltyError('IDEMPOTENCY_KEY_REUSED', refusalMessages.IDEMPOTENCY_KEY_REUSED);
  if (first.answer === null)
    throw new LoyaltyError('REQUEST_UNDER_WAY', 'The same request is under way. Try again shortly.');
  return JSON.parse(first.answer) as Answer;
}
