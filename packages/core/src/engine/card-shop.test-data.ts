// biome-ignore-all lint/style/noRestrictedImports: builders for tests; they stand on no floor and are in no build

import type { z } from 'zod';
import { type CardState, newCardState } from '../card/card-state.ts';
import { type CommandDefinition, parseInput } from '../commands/command.ts';
import { decideMerge, mergeSchema } from '../commands/merge.ts';
import { coffeeReward, noon, stampVersion } from '../fixtures.test-data.ts';
import type { Reward } from '../merchant/reward.ts';
import type { Touch, Work } from '../ports/loyalty-store.ts';
import { foldWork } from './fold-work.ts';

/** Cards of one program, with its catalogue shared as a store shares it. */
export function cardShop(reward: Partial<Reward> = {}, version = stampVersion({ target: 1 })) {
  const rewards = new Map([['coffee', coffeeReward({ price: { points: 10 }, ...reward })]]);
  const states = new Map<string, CardState>();
  /** Codes of the vouchers that the work made so far would issue. */
  const codes: string[] = [];
  let drawn = 0;
  const random = {
    next: () => `id-${++drawn}`,
    bytes: (count: number) => Uint8Array.from({ length: count }, () => (++drawn * 167) % 251),
  };
  const stateOf = (customerId: string): CardState => {
    const number = `number of ${customerId}`;
    const qrToken = `${customerId} token `.padEnd(32, '-');
    const identity = { cardId: `card-${customerId}`, programId: 'miles', customerId, number, qrToken };
    const state = states.get(customerId) ?? newCardState(identity, [version]);
    state.rewards = rewards;
    states.set(customerId, state);
    return state;
  };
  const touchOf = (customerId: string, now: number, more: Partial<Touch> = {}): Touch => ({
    card: { cardId: `card-${customerId}` },
    newCard: () => ({ cardId: '', number: '', qrToken: '' }),
    keys: [],
    at: now,
    now,
    ...more,
  });
  const one = <Schema extends z.ZodType, Facts extends object, Stamped>(
    definition: CommandDefinition<Schema, Facts, Stamped>,
    customerId: string,
    input: object,
    now = noon,
  ): Work => {
    const card = definition.cardKey ? {} : { cardId: `card-${customerId}` };
    const parsed = parseInput(definition.schema, { ...card, ...input });
    const command = (definition.stamp ? definition.stamp(parsed, random) : parsed) as Stamped;
    const { voucherCode } = command as { voucherCode?: string };
    if (voucherCode !== undefined) codes.push(voucherCode);
    return {
      touches: [touchOf(customerId, now)],
      keys: [],
      fingerprint: '',
      decide: ([state]) => definition.decide(state as CardState, command, now),
    };
  };
  const merge = (into: string, from: string, now = noon): Work => {
    const [target, source] = [{ cardId: `card-${into}` }, { cardId: `card-${from}` }];
    const command = parseInput(mergeSchema, { into: target, from: source, reason: 'two', actor: 'anita' });
    return {
      touches: [touchOf(into, now), touchOf(from, now)],
      keys: [],
      fingerprint: '',
      decide: ([a, b]) => decideMerge([a as CardState, b as CardState], command, now),
    };
  };
  const fold = (...work: Work[]) => {
    const done = foldWork(work, ({ card }) => stateOf(String(card.cardId).replace('card-', '')));
    const outcomes = done.settled.map((settled) => {
      if ('error' in settled) throw settled.error;
      return settled.outcome as { ok: boolean; code?: string; voucherCode?: string };
    });
    return { ...done, outcomes, codes: outcomes.map(({ ok, code }) => (ok ? 'ok' : code)) };
  };
  return { states, rewards, codes, stateOf, touchOf, one, merge, fold };
}
