import {
  type CardRef,
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
} from '@loyalty-engine/core';
import { AskedCard, type Kind } from './asked-card.ts';
import type { BurnScan } from './burn-scan.ts';
import type { ColumnParameter } from './message-writer.ts';
import type { Call, Rows, Statement } from './pipeline.ts';
import type { Newest, ProgramCache } from './program-cache.ts';
import { arrayParameter, columnParameters, readRow } from './rows.ts';
import { refColumns, type Statements, scanColumns } from './statements.ts';

/** A call, and what takes its rows. */
export interface Request {
  call: Call;
  take(rows: Rows): void;
}

type Columns = readonly (readonly [name: string, type: ColumnType])[];

/**
 * Reads cards with what their touches need, each card once, in as few round trips as can be: `first` asks for all that
 * the touches name, `next` for what the answers show to be missing, until there is nothing. `stateOf` then finds the
 * state of a touch; a customer without a card gets a new one, an unknown card id gets none.
 */
export class CardLoader {
  private readonly statements: Statements;
  private readonly programs: ProgramCache;
  private readonly cardOf = new Map<Touch, AskedCard>();
  private asked: AskedCard[] = [];
  private readonly byId = new Map<string, AskedCard>();
  /** Programs whose versions in the cache are not those in the database. */
  private readonly stale = new Set<string>();
  private versionsKnown = false;

  constructor(statements: Statements, programs: ProgramCache) {
    this.statements = statements;
    this.programs = programs;
  }

  readonly stateOf = (touch: Touch): CardState | undefined => this.cardOf.get(touch)?.state;

  first(touches: readonly Touch[], cards: 'lock' | 'read'): Request[] {
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
    }
    for (const card of this.asked) card.readAhead();
    const { lockCards, readCards } = this.statements;
    return [
      {
        call: { statement: cards === 'lock' ? lockCards : readCards, values: this.refs(this.asked) },
        take: (rows) => this.takeCards(rows),
      },
      this.newestVersions(),
      ...this.byKeys(),
      ...this.scans(),
    ];
  }

  next(): Request[] {
    if (this.stale.size > 0) return [this.versions()];
    // At once: while the next calls are under way, other transactions can read other versions into the cache.
    if (!this.versionsKnown) {
      for (const { state } of this.asked)
        if (state) state.versions = this.programs.versions(state.card.programId);
      this.versionsKnown = true;
    }
    const named = [...this.byKeys(), ...this.openHolds(), ...this.lotsMaturing()];
    for (const card of this.asked) card.plan();
    return [...named, ...this.scans()];
  }

  private takeCards(rows: Rows): void {
    const states = new Map<string, CardState>();
    const idOf = new Map<string, string>();
    for (const row of rows) {
      const card = readRow(cardsTable, row);
      states.set(card.cardId, { ...newCardState(card), card, exists: true });
      idOf.set(memberKey(card), card.cardId);
    }
    for (const asked of this.asked) {
      const { ref } = asked;
      const cardId = ref.cardId ?? idOf.get(memberKey(ref)) ?? '';
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
        asked.state = newCardState({ ...ref, cardId: touch.newCardId() });
      }
    }
    this.asked = this.asked.filter(({ state }) => state);
  }

  private newestVersions(): Request {
    const programIds = new Set(this.asked.flatMap(({ ref }) => ref.programId ?? []));
    const cardIds = this.asked.flatMap(({ ref }) => ref.cardId ?? []);
    return {
      call: {
        statement: this.statements.newestVersions,
        values: [arrayParameter('text', [...programIds]), arrayParameter('text', cardIds)],
      },
      take: (rows) => {
        const newest = new Map<string, Newest>();
        for (const [programId, version, published] of rows as [string, string, string][])
          newest.set(programId, {
            version: Number(version),
            publishedAt: Math.round(Number(published) * 1000),
          });
        for (const { state } of this.asked) {
          const programId = state?.card.programId;
          if (programId !== undefined && !this.programs.isCurrent(programId, newest.get(programId)))
            this.stale.add(programId);
        }
      },
    };
  }

  private versions(): Request {
    const programIds = [...this.stale];
    this.stale.clear();
    return {
      call: { statement: this.statements.versions, values: [arrayParameter('text', programIds)] },
      take: (rows) => this.programs.take(programIds, rows),
    };
  }

  private byKeys(): Request[] {
    const { receipts, holds, orders, entries, reversals, lots } = this.statements;
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
      this.request(this.statements.openHolds, this.refs(cards), (row, state) => {
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
      this.request(this.statements.lotsMaturing, values, (row, state) =>
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
          statement: this.statements.lotsInBurnOrder,
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
      refColumns,
      cards.map(({ ref, state }) =>
        state
          ? [state.card.cardId, null, null]
          : [ref.cardId ?? null, ref.programId ?? null, ref.customerId ?? null],
      ),
    );
  }
}

const maturingColumns: Columns = [
  ['after', 'instant'],
  ['up_to', 'instant'],
];

function refKey({ cardId, programId, customerId }: CardRef): string {
  return cardId ?? memberKey({ programId, customerId });
}

function memberKey({ programId, customerId }: { programId?: string; customerId?: string }): string {
  return JSON.stringify([programId, customerId]);
}

function keepLot(state: CardState, lot: Lot): void {
  if (!state.lots.has(lot.seq)) state.lots.set(lot.seq, lot);
}

function countReversal(state: CardState, reversal: Entry, card: AskedCard): void {
  const { seq, reverses } = reversal;
  if (reverses === null || card.reversals.has(seq)) return;
  card.reversals.add(seq);
  state.reversed.set(reverses, (state.reversed.get(reverses) ?? 0) + undonePoints([reversal]));
}
