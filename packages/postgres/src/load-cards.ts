import {
  type Card,
  type CardKey,
  type CardState,
  type Cell,
  type ColumnType,
  cardsTable,
  type Entry,
  entriesTable,
  holdsTable,
  type Lot,
  lotsTable,
  newCardState,
  ordersTable,
  receiptsTable,
  type Table,
  type Touch,
  undonePoints,
  type Voucher,
  vouchersTable,
} from '@loyalty-engine/core';
import { AskedCard, type Kind } from './asked-card.ts';
import type { BurnScan } from './burn-scan.ts';
import { type Asking, maturingColumns, refColumns, scanColumns } from './load-statements.ts';
import type { ColumnParameter } from './message-writer.ts';
import type { Call, Rows, Statement } from './pipeline.ts';
import type { Reading, Request } from './request.ts';
import { RewardsLoader } from './rewards-loader.ts';
import { arrayParameter, columnParameters, readRow, readRows } from './rows.ts';
import type { Statements } from './statements.ts';
import { type Caches, TermsLoader } from './terms-loader.ts';

/**
 * Reads cards with what their touches need, each card once, in as few round trips as can be: `first` asks for all that
 * the touches name, `next` for what the answers show to be missing, until there is nothing. `stateOf` then finds the
 * state of a touch; a customer without a card gets a new one, an unknown card id or name gets none.
 */
export class CardLoader {
  private readonly statements: Statements;
  private readonly terms: TermsLoader;
  private readonly cardOf = new Map<Touch, AskedCard>();
  private asking: Asking = 'byMember';
  private asked: AskedCard[] = [];
  private readonly byId = new Map<string, AskedCard>();
  private readonly rewards = new RewardsLoader();
  private termsKnown = false;

  constructor(statements: Statements, caches: Caches) {
    this.statements = statements;
    this.terms = new TermsLoader(statements, caches);
  }

  readonly stateOf = (touch: Touch): CardState | undefined => this.cardOf.get(touch)?.state;

  first(touches: readonly Touch[], reading: Reading): Request[] {
    const byRef = new Map<string, AskedCard>();
    for (const touch of touches) {
      const key = refKey(touch.card);
      let card = byRef.get(key);
      if (!card) {
        card = new AskedCard(touch.card);
        byRef.set(key, card);
        this.asked.push(card);
      }
      card.touches.push(touch);
      this.cardOf.set(touch, card);
      if (touch.card.name !== undefined) this.asking = 'byName';
    }
    for (const card of this.asked) card.readAhead();
    return [
      ...this.cards(reading),
      this.terms.compare(
        this.asked.map(({ ref }) => ref),
        this.asking,
      ),
      ...this.rewards.ask(this.asked, this.statements[this.asking], reading, (cards) => this.refs(cards)),
      ...this.byKeys(),
      ...this.scans(),
    ];
  }

  next(): Request[] {
    const stale = this.terms.stale();
    if (stale.length > 0) return stale;
    // From here on all cards are known by their ids.
    this.asking = 'byMember';
    // At once: while the next calls are under way, other transactions can read other versions into the caches.
    if (!this.termsKnown) {
      for (const { state } of this.asked) if (state) this.terms.give(state);
      this.termsKnown = true;
    }
    const named = [...this.byKeys(), ...this.openHolds(), ...this.lotsMaturing()];
    for (const card of this.asked) card.plan();
    return [...named, ...this.scans()];
  }

  /** The cards, and of which of them the names are. */
  private cards(reading: Reading): Request[] {
    const { lockCards, readCards } = this.statements[this.asking];
    const names = this.asked.flatMap(({ ref }) => ref.name ?? []);
    let cards: Card[] = [];
    const found: Request = {
      call: { statement: reading === 'lock' ? lockCards : readCards, values: this.refs(this.asked) },
      take: (rows) => {
        cards = readRows(cardsTable, rows);
        if (names.length === 0) this.takeCards(cards, new Map());
      },
    };
    if (names.length === 0) return [found];
    // After the cards are locked: a name that was taken from its card meanwhile finds nothing.
    const named: Request = {
      call: { statement: this.statements.cardsNamed, values: [arrayParameter('text', names)] },
      take: (rows) => this.takeCards(cards, new Map(rows as [string, string][])),
    };
    return [found, named];
  }

  private takeCards(cards: readonly Card[], idOfName: ReadonlyMap<string, string>): void {
    const states = new Map<string, CardState>();
    const idOfMember = new Map<string, string>();
    for (const card of cards) {
      const state = newCardState(card);
      state.card = card;
      state.rewards = this.rewards.of(card.programId);
      state.exists = true;
      states.set(card.cardId, state);
      idOfMember.set(memberKey(card), card.cardId);
    }
    for (const asked of this.asked) {
      const { ref } = asked;
      const named = ref.name === undefined ? idOfMember.get(memberKey(ref)) : idOfName.get(ref.name);
      const cardId = ref.cardId ?? named ?? '';
      const state = states.get(cardId);
      const same = this.byId.get(cardId);
      if (state && same) {
        same.join(asked, state);
        for (const touch of asked.touches) this.cardOf.set(touch, same);
      } else if (state) {
        this.byId.set(cardId, asked);
        asked.found(state);
      } else if (ref.programId !== undefined) {
        const [touch] = asked.touches as [Touch];
        asked.state = newCardState({ ...ref, ...touch.newCard() });
        asked.state.rewards = this.rewards.of(ref.programId);
      }
    }
    this.asked = this.asked.filter(({ state }) => state);
  }

  private byKeys(): Request[] {
    const { receipts, holds, orders, entries, reversals, lots, vouchers, vouchersOfRewards } =
      this.statements[this.asking];
    return [
      ...this.byKey('receipts', receipts, 'text', receiptsTable, (state, receipt) =>
        state.receipts.set(receipt.key, receipt),
      ),
      ...this.byKey('holds', holds, 'text', holdsTable, (state, hold) => state.holds.set(hold.holdId, hold)),
      ...this.byKey('orders', orders, 'text', ordersTable, (state, order) =>
        state.orders.set(order.orderId, order),
      ),
      ...this.byKey('entries', entries, 'count', entriesTable, (state, entry) =>
        state.entries.set(entry.seq, entry),
      ),
      ...this.byKey('reversals', reversals, 'count', entriesTable, countReversal),
      ...this.byKey('vouchers', vouchers, 'text', vouchersTable, keepVoucher),
      ...this.byKey('vouchersOfRewards', vouchersOfRewards, 'text', vouchersTable, keepVoucher),
      ...this.byKey('lots', lots, 'count', lotsTable, keepLot),
    ];
  }

  private byKey<Thing>(
    kind: Kind,
    statement: Statement,
    type: ColumnType,
    table: Table<Thing>,
    keep: (state: CardState, thing: Thing, card: AskedCard) => void,
  ): Request[] {
    const cards: AskedCard[] = [];
    const keys: Cell[] = [];
    for (const card of this.reading()) {
      for (const key of card.wanted(kind)) {
        cards.push(card);
        keys.push(key);
      }
    }
    if (keys.length === 0) return [];
    return [
      this.request(statement, [...this.refs(cards), arrayParameter(type, keys)], (row, state, card) =>
        keep(state, readRow(table, row), card),
      ),
    ];
  }

  private openHolds(): Request[] {
    const cards = this.reading().filter((card) => card.wantsOpenHolds());
    if (cards.length === 0) return [];
    return [
      this.request(this.statements[this.asking].openHolds, this.refs(cards), (row, state) => {
        const hold = readRow(holdsTable, row);
        state.holds.set(hold.holdId, hold);
      }),
    ];
  }

  private lotsMaturing(): Request[] {
    const cards = this.reading().filter((card) => card.wantsMaturing());
    if (cards.length === 0) return [];
    const spans = cards.map(({ state, now }) => [state?.card.pendingAsOf ?? 0, now]);
    const values = [...this.refs(cards), ...columnParameters(maturingColumns, spans)];
    return [
      this.request(this.statements[this.asking].lotsMaturing, values, (row, state) =>
        keepLot(state, readRow(lotsTable, row)),
      ),
    ];
  }

  /** The next pages of all scans that go on. */
  private scans(): Request[] {
    const going: { card: AskedCard; scan: BurnScan }[] = [];
    const pages: number[][] = [];
    for (const card of this.reading()) {
      for (const scan of card.scans) {
        const page = scan.next();
        if (!page) continue;
        pages.push([going.length, ...page]);
        going.push({ card, scan });
      }
    }
    if (going.length === 0) return [];
    const refs = this.refs(going.map(({ card }) => card));
    return [
      {
        call: {
          statement: this.statements[this.asking].lotsInBurnOrder,
          values: [...refs, ...columnParameters(scanColumns, pages)],
        },
        take: (rows) => {
          const read: Lot[][] = going.map(() => []);
          for (const row of rows) read[Number(row.at(-1))]?.push(readRow(lotsTable, row));
          for (const [index, { card, scan }] of going.entries())
            if (card.state?.exists && card.scans.includes(scan)) scan.take(read[index] ?? [], card.state);
        },
      },
    ];
  }

  /** A request whose rows begin with the id of the card that they belong to. */
  private request(
    statement: Statement,
    values: Call['values'],
    take: (row: Rows[number], state: CardState, card: AskedCard) => void,
  ): Request {
    return {
      call: { statement, values },
      take: (rows) => {
        for (const row of rows) {
          const card = this.byId.get(row[0] as string);
          if (card?.state) take(row, card.state, card);
        }
      },
    };
  }

  /** The cards to read of: before their rows are there all that are asked for, then those that there are. */
  private reading(): AskedCard[] {
    return this.asked.filter(({ state }) => !state || state.exists);
  }

  private refs(cards: readonly AskedCard[]): ColumnParameter[] {
    return columnParameters(
      refColumns[this.asking],
      cards.map(({ ref, state }) =>
        state
          ? [state.card.cardId, null, null, null]
          : [ref.cardId ?? null, ref.programId ?? null, ref.customerId ?? null, ref.name ?? null],
      ),
    );
  }
}

function refKey(ref: CardKey): string {
  if (ref.cardId !== undefined) return `id:${ref.cardId}`;
  return ref.name === undefined ? memberKey(ref) : `name:${ref.name}`;
}

function memberKey({ programId, customerId }: Pick<CardKey, 'programId' | 'customerId'>): string {
  return JSON.stringify([programId, customerId]);
}

function keepLot(state: CardState, lot: Lot): void {
  if (!state.lots.has(lot.seq)) state.lots.set(lot.seq, lot);
}

function keepVoucher(state: CardState, voucher: Voucher): void {
  if (!state.vouchers.has(voucher.code)) state.vouchers.set(voucher.code, voucher);
}

function countReversal(state: CardState, reversal: Entry, card: AskedCard): void {
  const { seq, reverses } = reversal;
  if (reverses === null || card.reversals.has(seq)) return;
  card.reversals.add(seq);
  state.reversed.set(reverses, (state.reversed.get(reverses) ?? 0) + undonePoints([reversal]));
}
