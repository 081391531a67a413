import type { z } from 'zod';
import { cardNumber } from '../card/card-number.ts';
import type { CardState } from '../card/card-state.ts';
import { qrToken } from '../card/qr-token.ts';
import {
  admitsCard,
  type CommandDefinition,
  keyOfCard,
  type ParsedCommand,
  parseInput,
} from '../commands/command.ts';
import { decideMerge, type MergeCommand, type MergeFacts, mergeSchema } from '../commands/merge.ts';
import { settleOnHeir } from '../commands/move-on.ts';
import type { Outcome } from '../commands/outcome.ts';
import type { Refusal } from '../commands/refusal.ts';
import { invalid, LoyaltyError } from '../errors.ts';
import { StaffProof } from '../merchant/staff.ts';
import type { Ids } from '../ports/ids.ts';
import type { Touch, Work } from '../ports/loyalty-store.ts';
import type { Instant } from '../program/instant.ts';
import type { PinCheck } from './check-pin.ts';
import { fingerprint } from './fingerprint.ts';

/** What commands run with: the way to a store, the time, new ids, and who checks PINs. */
export interface Runner {
  submit(work: Work): Promise<Outcome<object>>;
  now(): Instant;
  ids: Ids;
  checkPin(claim: PinClaim): Promise<PinCheck>;
}

/** Whose PIN is to be checked, where. */
export interface PinClaim {
  merchantId: string;
  staffId: string;
  pin: string;
  terminalId: string;
  locationId?: string | undefined;
}

const mostAttempts = 10;

/** A command on its way: it changes with what the attempts before have answered. */
interface Try {
  command: ParsedCommand;
  /** The card that everything of the command's merged card went to. */
  heirId: string | null;
}

/**
 * Runs a command: parse, settle, answer. It goes round again where a random name was taken or the customer anonymised in
 * that moment; where the card was merged into another one and the command is about what was before, with that one too; and
 * where staff must confirm, once the PIN is checked.
 */
export async function runCommand<Schema extends z.ZodType, Facts extends object, Stamped>(
  runner: Runner,
  definition: CommandDefinition<Schema, Facts, Stamped>,
  input: unknown,
): Promise<Outcome<Facts>> {
  const first: Try = { command: parseInput(definition.schema, input) as ParsedCommand, heirId: null };
  const workOn = ({ command, heirId }: Try) =>
    toWork(definition, command as z.output<Schema>, heirId, runner);
  const outcome = await runInTurns(runner, first, workOn, definition.settlesMerged === true);
  return outcome as Outcome<Facts>;
}

async function runInTurns(
  runner: Runner,
  first: Try,
  workOn: (attempt: Try) => Work,
  settlesMerged: boolean,
): Promise<Outcome<object>> {
  let current = first;
  for (let turn = 1; ; turn += 1) {
    let outcome: Outcome<object>;
    try {
      outcome = await runner.submit(workOn(current));
    } catch (error) {
      if (turn < mostAttempts && comesOutOtherwise(error)) continue;
      throw error;
    }
    if (outcome.ok) return outcome;
    const next = turn < mostAttempts ? await nextTry(runner, current, outcome, settlesMerged) : null;
    if (next === null) return forCallers(outcome);
    if ('ok' in next) return next;
    current = next;
  }
}

/** Whose merchant's staff is meant is the engine's affair. */
function forCallers(refusal: Refusal): Refusal {
  if (refusal.code !== 'PIN_REQUIRED') return refusal;
  const { merchantId: _merchantId, ...facts } = refusal;
  return facts as Refusal;
}

/** True where the same command comes out otherwise the next time, with other random names. */
function comesOutOtherwise(error: unknown): boolean {
  return error instanceof LoyaltyError && ['NAME_TAKEN', 'CARD_RENAMED'].includes(error.code);
}

/** What to try next, a refusal to answer instead, or null where the refusal stands. */
async function nextTry(
  { checkPin }: Runner,
  { command, heirId }: Try,
  refusal: Refusal,
  settlesMerged: boolean,
): Promise<Try | Refusal | null> {
  const { staff, locationId } = command;
  if (refusal.code === 'CARD_MERGED') {
    const next = String(refusal.cardId);
    return settlesMerged && next !== heirId ? { command, heirId: next } : null;
  }
  if (refusal.code !== 'PIN_REQUIRED' || staff === undefined || staff instanceof StaffProof) return null;
  const checked = await checkPin({ ...staff, merchantId: String(refusal.merchantId), locationId });
  return checked.ok ? { command: { ...command, staff: checked.proof }, heirId } : checked;
}

/** From a parsed command to work for a store: stamp time and ids, name what it touches. */
function toWork<Schema extends z.ZodType, Facts extends object, Stamped>(
  definition: CommandDefinition<Schema, Facts, Stamped>,
  parsed: z.output<Schema>,
  heirId: string | null,
  { now: clock, ids }: Runner,
): Work {
  const now = clock();
  const common = parsed as ParsedCommand;
  const at = timeOf(common, now);
  const stamped = (definition.stamp ? definition.stamp(parsed, ids) : parsed) as Stamped;
  const keys = keysOf(definition, parsed, common.idempotencyKey);
  const touch: Touch = {
    ...definition.reach(parsed),
    card: definition.cardKey ? definition.cardKey(parsed) : keyOfCard(common),
    newCard: () => newCard(ids),
    admits: admitsOf(common),
    keys: [],
    at,
    now,
  };
  const touches: [Touch, ...Touch[]] =
    heirId === null
      ? [touch]
      : [
          { ...touch, burn: everyLot },
          { card: { cardId: heirId }, newCard: () => newCard(ids), keys: [], burn: everyLot, at: now, now },
        ];
  return workOf(
    touches,
    keys,
    { kind: definition.kind, common, ids },
    {
      ifAbsent: definition.ifAbsent,
      // A key of the caller's own always answers the first outcome again.
      isUndone:
        definition.isUndone &&
        ((state, receipt) =>
          !receipt.key.startsWith('key:') && definition.isUndone?.(state, parsed, receipt) === true),
      decide: ([state, heir]) => {
        const card = present(state);
        if (!heir) return definition.decide(card, stamped, now);
        const decide = (command: ParsedCommand) => definition.decide(card, command as Stamped, now);
        return settleOnHeir(decide, heir, stamped as ParsedCommand, now);
      },
    },
  );
}

/** More points than any lots have: all of them are to be loaded. */
const everyLot = Number.MAX_SAFE_INTEGER;

/** Merges two cards; see `Loyalty.cards.merge`. */
export async function runMerge(runner: Runner, input: unknown): Promise<Outcome<MergeFacts>> {
  const first: Try = { command: parseInput(mergeSchema, input) as ParsedCommand, heirId: null };
  const workOn = ({ command }: Try) => mergeWork(command as MergeCommand, runner);
  return (await runInTurns(runner, first, workOn, false)) as Outcome<MergeFacts>;
}

function mergeWork(command: MergeCommand, { now: clock, ids }: Runner): Work {
  const now = clock();
  const at = timeOf(command, now);
  const { merchantId, idempotencyKey } = command;
  const touchOf = (card: MergeCommand['from']): Touch => ({
    card: keyOfCard(card),
    // Another command of the batch may be this customer's first.
    newCard: () => newCard(ids),
    admits: admitsOf({ ...card, merchantId }),
    keys: [],
    // The one card's lots move, and when they end depends on the other's.
    burn: everyLot,
    at,
    now,
  });
  const { from, into, ...common } = command;
  return workOf(
    [touchOf(into), touchOf(from)],
    idempotencyKey === undefined ? [] : [`key:${idempotencyKey}`],
    { kind: 'cards.merge', common: { ...common, from } as ParsedCommand, ids },
    { decide: ([target, source]) => decideMerge([present(target), present(source)], command, now) },
  );
}

/** Work with its keys on the first card that it touches. */
function workOf(
  [first, ...others]: readonly [Touch, ...Touch[]],
  named: readonly string[],
  { kind, common, ids }: { kind: string; common: ParsedCommand; ids: Ids },
  rest: Pick<Work, 'decide' | 'ifAbsent' | 'isUndone'>,
): Work {
  // A store that loses its connection in the commit asks the receipt what became of it, so each command leaves one.
  const keys = named.length > 0 ? named : [`once:${ids.next()}`];
  return {
    touches: [{ ...first, keys }, ...others],
    keys,
    fingerprint: named.length > 0 ? fingerprint(kind, common) : '',
    ...rest,
  };
}

function timeOf({ occurredAt }: ParsedCommand, now: Instant): Instant {
  if (occurredAt === undefined) return now;
  if (occurredAt > now) throw invalid(['occurredAt'], 'lies in the future', 'future');
  return occurredAt;
}

/** Nothing to ask of the card, for most commands. */
function admitsOf(common: Parameters<typeof admitsCard>[0]): Touch['admits'] {
  if (common.merchantId === undefined && common.qrToken === undefined) return undefined;
  return (state) => admitsCard(common, state);
}

function newCard(ids: Ids): ReturnType<Touch['newCard']> {
  const bytes = (count: number) => ids.bytes(count);
  return { cardId: ids.next(), number: cardNumber(bytes), qrToken: qrToken(bytes) };
}

function present(state: CardState | undefined): CardState {
  if (!state)
    throw new LoyaltyError('STORE_DEFECT', 'The store decided without the card that the work touches');
  return state;
}

/** The caller's key, or the one derived from the command; both where the command happens once whatever its key. */
function keysOf<Schema extends z.ZodType>(
  definition: Pick<CommandDefinition<Schema, object, never>, 'derivedKey' | 'onceOnly'>,
  command: z.output<Schema>,
  given: string | undefined,
): string[] {
  const derived = given === undefined || definition.onceOnly ? definition.derivedKey(command) : null;
  const keys = given === undefined ? [] : [`key:${given}`];
  return derived === null ? keys : [...keys, derived];
}
