import type { LoyaltyStore } from '@loyalty-engine/core';

/** A store under test on fresh, empty data. */
export interface OpenedStore {
  store: LoyaltyStore;
  /**
   * Opens another connection to the same data. Only a store that lives in one object leaves it out: that object is then
   * its own second connection.
   */
  second?: () => LoyaltyStore | Promise<LoyaltyStore>;
  /** Removes the data once every connection is closed. */
  remove?: () => void | Promise<void>;
}

/** Opens a store on fresh data; called for each test, also while others that it gave are open. */
export type OpenStore = () => OpenedStore | Promise<OpenedStore>;
