import { nameOfQrToken, nameOfVoucher, ownNames } from '../card/card-names.ts';
import type { Card, CardState, Hold, Lot, OrderRecord, Receipt } from '../card/card-state.ts';
import { undonePoints } from '../card/entry.ts';
import type { WorkingCard } from '../card/working-card.ts';
import { type Decision, type EntryView, type Outcome, refuse, viewEntry } from '../commands/outcome.ts';
import { LoyaltyError } from '../errors.ts';
import type { Reward, Voucher } from '../merchant/reward.ts';
import { cardBeyondPoints } from '../ports/card-tables.ts';
import type { Changes, Settled, Touch, Work } from '../ports/loyalty-store.ts';
import type { ExplainedStep } from '../rules/step.ts';
import { tallyEntries } from './tally-entries.ts';

/**
 * Folds commands over loaded cards, in order: each sees what the ones before it did, each has an outcome of its own, and
 * a refused or broken one leaves no trace. Pure but for the states, which become what the changes make of them.
 *
 * `stateOf` gives the same state object for the same card, and undefined where a card was asked for by an id that does
 * not exist.
 */
export function foldWork(
  work: readonly Work[],
  stateOf: (touch: Touch) => CardState | undefined,
): { settled: Settled[]; changes: Changes } {
  const collected = new Map<CardState, Collected>();
  const settled = work.map((one): Settled => {
    try {
      return { outcome: settleOne(one, stateOf, collected) };
    } catch (error) {
      return { error };
    }
  });
  return { settled, changes: changesOf(collected) };
}

/** What changed on one card: the keys of rows; the rows themselves are in the state. */
interface Collected {
  isNew: boolean;
  firstSeq: number;
  entries: WorkingCard['entries'];
  lots: Set<number>;
  /** By key, and whether it is new. */
  holds: Map<string, boolean>;
  orders: Map<string, boolean>;
  receipts: Map<string, boolean>;
  vouchers: Map<string, boolean>;
  rewards: Set<string>;
  /** Who the card was before the batch. */
  before: Card;
}

function settleOne(
  work: Work,
  stateOf: (touch: Touch) => CardState | undefined,
  collected: Map<CardState, Collected>,
): Outcome<object> {
  const states: CardState[] = [];
  for (const touch of work.touches) {
    const state = stateOf(touch);
    if (!state || touch.admits?.(state) === false) return refuse(work.ifAbsent ?? 'CARD_NOT_FOUND');
    const { customerId } = touch.card;
    if (customerId !== undefined && customerId !== state.card.customerId)
      throw new LoyaltyError('CARD_RENAMED', 'The customer was anonymised a moment ago');
    if (state.unloadedEnd === undefined) state.unloadedEnd = state.card.nextExpiryAt;
    states.push(state);
  }
  const [state] = states;
  if (!state) throw new LoyaltyError('EMPTY_WORK', 'Work must touch at least one card');
  const known = knownOutcome(work, state);
  if (known) return known;
  const decision = work.decide(states);
  if (!decision.outcome.ok || !decision.changed) return decision.outcome;
  if (decision.others) {
    for (const other of decision.others) {
      collect(other, collected);
      other.commit();
    }
  }
  const changes = collect(decision.changed, collected);
  decision.changed.commit();
  keepReceipts(work, state, decision, changes);
  return decision.outcome;
}

/** The first outcome again, or a refusal where a key was used for something else; null for a command that is new. */
function knownOutcome(work: Work, state: CardState): Outcome<object> | null {
  for (const key of work.keys) {
    const receipt = state.receipts.get(key);
    if (!receipt || work.isUndone?.(state, receipt)) continue;
    if (receipt.fingerprint !== work.fingerprint) return refuse('IDEMPOTENCY_KEY_REUSED', { key });
    return firstOutcome(state, receipt);
  }
  return null;
}

function collect(working: WorkingCard, collected: Map<CardState, Collected>): Collected {
  const { state } = working;
  let changes = collected.get(state);
  if (!changes) {
    if (state.card.cardId === '')
      throw new LoyaltyError('STORE_DEFECT', 'The store made a card without an id');
    changes = {
      isNew: !state.exists,
      firstSeq: state.card.seq + 1,
      entries: [],
      lots: new Set(),
      holds: new Map(),
      orders: new Map(),
      receipts: new Map(),
      vouchers: new Map(),
      rewards: new Set(),
      before: state.card,
    };
    collected.set(state, changes);
  }
  for (const entry of working.entries) {
    changes.entries.push(entry);
    state.entries.set(entry.seq, entry);
    if (entry.reverses !== null) {
      state.reversed.set(entry.reverses, (state.reversed.get(entry.reverses) ?? 0) + undonePoints([entry]));
    }
  }
  for (const seq of working.lots.keys()) changes.lots.add(seq);
  for (const id of working.holds.keys()) note(changes.holds, id, state.holds);
  for (const id of working.orders.keys()) note(changes.orders, id, state.orders);
  for (const code of working.vouchers.keys()) note(changes.vouchers, code, state.vouchers);
  for (const id of working.rewards.keys()) changes.rewards.add(id);
  return changes;
}

/** Notes a row that changes, before it does: the first time tells whether it is new. */
function note(changed: Map<string, boolean>, key: string, rows: ReadonlyMap<string, unknown>): void {
  if (!changed.has(key)) changed.set(key, !rows.has(key));
}

/** An outcome as a receipt keeps it: what the card and the entries do not say anyway. */
interface KeptOutcome {
  facts: object;
  /** available, pending, held, debt, total, then the lifetime figures. */
  balance: number[];
  /** The part of the explanation that no entry keeps. */
  besides?: readonly ExplainedStep[];
}

function keepReceipts(work: Work, state: CardState, decision: Decision<object>, changes: Collected): void {
  if (work.keys.length === 0 || !decision.outcome.ok) return;
  const {
    ok: _ok,
    replayed: _first,
    cardId: _card,
    balance,
    entries: _entries,
    explanation: _why,
    ...facts
  } = decision.outcome;
  const { available, pending, held, debt, total, lifetime } = balance;
  const { earned, redeemed, expired, adjusted, reversed } = lifetime;
  const figures = [available, pending, held, debt, total, earned, redeemed, expired, adjusted, reversed];
  const kept: KeptOutcome = { facts, balance: figures };
  if (decision.besides.length > 0) kept.besides = decision.besides;
  const outcome = JSON.stringify(kept);
  for (const key of work.keys) {
    note(changes.receipts, key, state.receipts);
    state.receipts.set(key, {
      key,
      fingerprint: work.fingerprint,
      outcome,
      firstSeq: decision.entries[0]?.seq ?? 0,
      entryCount: decision.entries.length,
    });
  }
}

function firstOutcome(state: CardState, receipt: Receipt): Outcome<object> {
  const { facts, balance, besides = [] } = JSON.parse(receipt.outcome) as KeptOutcome;
  const [available = 0, pending = 0, held = 0, debt = 0, total = 0, ...sums] = balance;
  const [earned = 0, redeemed = 0, expired = 0, adjusted = 0, reversed = 0] = sums;
  const currency = state.versions[0]?.currency ?? '';
  const entries: EntryView[] = [];
  for (let seq = receipt.firstSeq; seq < receipt.firstSeq + receipt.entryCount; seq += 1) {
    const entry = state.entries.get(seq);
    if (!entry) throw new LoyaltyError('STORE_DEFECT', `The store loaded a receipt without its entry ${seq}`);
    entries.push(viewEntry(entry, currency));
  }
  return {
    ok: true,
    ...facts,
    replayed: true,
    cardId: state.card.cardId,
    balance: {
      available,
      pending,
      held,
      debt,
      total,
      lifetime: { earned, redeemed, expired, adjusted, reversed },
    },
    entries,
    explanation: [...entries.flatMap((entry) => entry.explanation), ...besides],
  };
}

function changesOf(collected: Map<CardState, Collected>): Changes {
  const changes: Changes = {
    cards: [],
    names: { added: [], removed: [] },
    entries: [],
    lots: [],
    holds: [],
    orders: [],
    receipts: [],
    vouchers: [],
    rewards: [],
    tallies: [],
  };
  // Cards of one program share their rewards: each is written once.
  const rewards = new Set<Reward>();
  for (const [state, rows] of collected) {
    const { cardId } = state.card;
    nameCard(state, rows, changes);
    for (const entry of rows.entries) changes.entries.push({ cardId, entry });
    for (const seq of rows.lots) {
      changes.lots.push({ cardId, lot: state.lots.get(seq) as Lot, isNew: seq >= rows.firstSeq });
    }
    for (const [id, isNew] of rows.holds)
      changes.holds.push({ cardId, hold: state.holds.get(id) as Hold, isNew });
    for (const [id, isNew] of rows.orders)
      changes.orders.push({ cardId, order: state.orders.get(id) as OrderRecord, isNew });
    for (const [key, isNew] of rows.receipts)
      changes.receipts.push({ cardId, receipt: state.receipts.get(key) as Receipt, isNew });
    for (const [code, isNew] of rows.vouchers) {
      changes.vouchers.push({ cardId, voucher: state.vouchers.get(code) as Voucher, isNew });
      if (isNew) changes.names.added.push({ name: nameOfVoucher(code), cardId });
    }
    for (const id of rows.rewards) rewards.add(state.rewards.get(id) as Reward);
  }
  changes.rewards.push(...rewards);
  changes.tallies = tallyEntries([...collected].map(([state, { entries }]) => ({ state, entries })));
  return changes;
}

const beyondPoints = Object.keys(cardBeyondPoints) as (keyof typeof cardBeyondPoints)[];

/** The card's row, and the names that find it from now on. */
function nameCard({ card }: CardState, { isNew, before }: Collected, changes: Changes): void {
  const { cardId, customerId, qrToken } = card;
  const renamed = customerId !== before.customerId || qrToken !== before.qrToken;
  changes.cards.push({
    card,
    isNew,
    renamed: renamed ? { customerId: before.customerId, qrToken: before.qrToken } : null,
    pointsOnly: !isNew && !renamed && beyondPoints.every((field) => card[field] === before[field]),
  });
  if (isNew) for (const name of ownNames(card)) changes.names.added.push({ name, cardId });
  else if (qrToken !== before.qrToken) {
    changes.names.added.push({ name: nameOfQrToken(qrToken), cardId });
    changes.names.removed.push(nameOfQrToken(before.qrToken));
  }
}
