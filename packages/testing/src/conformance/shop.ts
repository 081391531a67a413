import {
  createLoyalty,
  type Ids,
  type Loyalty,
  type LoyaltyStore,
  type ProgramInput,
} from '@loyalty-engine/core';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import type { OpenedStore, OpenStore } from '../open-store.ts';
import { sequentialIds } from '../sequential-ids.ts';
import { type CountingPins, countingPins } from './counting-pins.ts';

/** Where the clock of every fact starts: a Thursday afternoon in Kolkata. */
export const start = '2026-01-15T10:00:00.000Z';
export const member = { programId: 'miles', customerId: 'sachin' } as const;
export const secondMember = { programId: 'miles', customerId: 'rahul' } as const;

type Points = ProgramInput['points'];
/** What a fact wants different from the usual program. */
export interface Wanted extends Omit<Partial<ProgramInput>, 'points'> {
  earn?: Partial<Points['earn']>;
  redeem?: Partial<Points['redeem']>;
  expiry?: NonNullable<Points['expiry']>;
  refunds?: NonNullable<Points['refunds']>;
  welcomeBonus?: number;
  maxBalance?: number;
}

/** The usual program, 1 point for every 10 rupees and 1 rupee a point, with what is wanted different. */
export function programOf({ earn, redeem, expiry, refunds, welcomeBonus, maxBalance, ...rest }: Wanted = {}) {
  const points: Points = {
    earn: { points: 1, perAmount: '10', ...earn },
    redeem: { valuePerPoint: '1', ...redeem },
  };
  if (expiry) points.expiry = expiry;
  if (refunds) points.refunds = refunds;
  if (welcomeBonus !== undefined) points.welcomeBonus = welcomeBonus;
  if (maxBalance !== undefined) points.maxBalance = maxBalance;
  return {
    id: member.programId,
    merchantId: 'cathay',
    name: 'Miles',
    currency: 'INR',
    timeZone: 'Asia/Kolkata',
    effectiveFrom: '2020-01-01T00:00:00Z',
    ...rest,
    points,
  } satisfies ProgramInput;
}

/** An engine on the store under test, with a clock of its own. */
export interface Shop {
  loyalty: Loyalty;
  store: LoyaltyStore;
  clock: ManualClock;
  /** What all its engines check PINs with. */
  pins: CountingPins;
  /** Another engine on another connection to the same data, with the same clock or one of its own. */
  second(clock?: ManualClock): Promise<Loyalty>;
  /** Closes the engine and opens the data again. */
  reopened(): Promise<Loyalty>;
  /** Publishes a program like the usual one. */
  publish(wanted?: Wanted): ReturnType<Loyalty['programs']['publish']>;
}

export interface Bounds {
  maxBatch?: number;
  maxQueue?: number;
  /** Where its engines get ids from; default: sequential ones, others for each engine. */
  ids?: Ids;
}
export type OpenShop = (wanted?: Wanted, bounds?: Bounds) => Promise<Shop>;

/** Opens shops on a store, proves that their books are clean, and closes them all. */
export interface Shops {
  open: OpenShop;
  /** Every card of every shop, verified. @throws Error naming what does not add up. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

export function shopsOn(openStore: OpenStore): Shops {
  const opened: { engines: Set<Loyalty>; store: OpenedStore }[] = [];
  return {
    async open(wanted, bounds = {}) {
      const store = await openStore();
      const engines = new Set<Loyalty>();
      opened.push({ engines, store });
      const shop = openShop(store, engines, bounds);
      await shop.loyalty.programs.publish(programOf(wanted));
      return shop;
    },
    async verify() {
      for (const { engines } of opened) {
        const found = await [...engines].at(-1)?.verify();
        if (found?.ok === false)
          throw new Error(`The books do not add up: ${JSON.stringify(found.problems)}`);
      }
    },
    async close() {
      for (const { engines, store } of opened.splice(0)) {
        for (const engine of [...engines]) await engine.close();
        await store.remove?.();
      }
    },
  };
}

function openShop({ store, second }: OpenedStore, engines: Set<Loyalty>, bounds: Bounds): Shop {
  const clock = manualClock(start);
  const pins = countingPins();
  let connections = 0;
  const engineOn = (connection: LoyaltyStore, itsClock: ManualClock): Loyalty => {
    connections += 1;
    const ids = sequentialIds(`c${connections}`);
    const made = createLoyalty({ store: connection, clock: itsClock, ids, pins, ...bounds });
    const engine: Loyalty = {
      ...made,
      async close() {
        engines.delete(engine);
        await made.close();
      },
    };
    engines.add(engine);
    return engine;
  };
  const connect = async () => (second ? second() : store);
  const loyalty = engineOn(store, clock);
  return {
    loyalty,
    store,
    clock,
    pins,
    second: async (itsClock = clock) => engineOn(await connect(), itsClock),
    async reopened() {
      await loyalty.close();
      return engineOn(await connect(), clock);
    },
    publish: (wanted) => loyalty.programs.publish(programOf(wanted)),
  };
}
