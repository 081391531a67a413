// biome-ignore-all lint/style/noRestrictedImports: builders for tests; they stand on no floor and are in no build

import { minute, noon, snapshot } from '../fixtures.test-data.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import type { PinHasher } from '../ports/pin-hasher.ts';
import { locationsOf } from './locations.ts';
import { merchantsOf } from './merchants.ts';
import { rewardsCatalogueOf } from './rewards.ts';
import { staffOf } from './staff.ts';

export const cathay = { merchantId: 'cathay' };
export const by = { actor: 'anita' };
/** Ravi's PIN, as `openCompany` sets it. */
export const pin = '482913';

/** A hasher that is quick, and counts what it is asked. Its hashes have no PIN in them that a reader could see. */
export function countingHasher() {
  const made = { hashes: [] as string[], verified: [] as string[] };
  const hide = (text: string, salt: number) =>
    [...text].map((digit) => String.fromCharCode(97 + ((Number(digit) + salt) % 10))).join('');
  const hasher: PinHasher = {
    async hash(text) {
      const salt = made.hashes.length;
      const hash = `hash${salt}-${hide(text, salt)}`;
      made.hashes.push(hash);
      return hash;
    },
    async verify(text, hash) {
      made.verified.push(hash);
      const [name = '', hidden] = hash.split('-');
      return hidden === hide(text, Number(name.slice(4)));
    },
  };
  return { hasher, made };
}

/** The store, with every change of its books decided twice: it must come to the same, and leave what it was given alone. */
export function decidedTwice(store: LoyaltyStore): LoyaltyStore {
  return {
    ...store,
    changeRecords: (keys, change) =>
      store.changeRecords(keys, (rows) => {
        const given = snapshot(rows);
        const first = change(rows);
        const second = change(rows);
        if (snapshot(first) !== snapshot(second))
          throw new Error('a change comes to something else the second time');
        if (snapshot(rows) !== given) throw new Error('a change changes the rows it was given');
        return second;
      }),
  };
}

/**
 * A company with two locations, Bandra and Colaba, and Ravi who confirms at both; another company, Dorabjee, with a
 * location Camp; and the clock at noon.
 */
export async function openCompany(store: LoyaltyStore) {
  const clock = { at: noon, now: () => clock.at };
  let drawn = 0;
  // Bytes that differ from call to call, in a way that a test can repeat.
  const ids = {
    bytes: (count: number) => Uint8Array.from({ length: count }, () => (++drawn * 167 + (drawn >> 3)) % 251),
  };
  const { hasher, made } = countingHasher();
  const books = decidedTwice(store);
  const merchants = merchantsOf(books, clock.now);
  const locations = locationsOf(books, clock.now);
  const staff = staffOf(books, clock.now, ids, hasher);
  const rewards = rewardsCatalogueOf(books, clock.now);
  for (const id of ['cathay', 'dorabjee']) await merchants.register({ id, name: id });
  for (const id of ['bandra', 'colaba']) {
    await locations.register({ ...cathay, id, name: id, timeZone: 'Asia/Kolkata' });
  }
  await locations.register({ merchantId: 'dorabjee', id: 'camp', name: 'Camp', timeZone: 'Asia/Kolkata' });
  await staff.register({ ...cathay, id: 'ravi', name: 'Ravi', role: 'cashier', pin, ...by });
  /** Actions recorded of a merchant since, as `subject id action`. */
  const recorded = async (merchantId = 'cathay') =>
    (await merchants.changes(merchantId, { limit: 1000 })).changes.map(
      ({ subject, subjectId, action }) => `${subject} ${subjectId} ${action}`,
    );
  const pass = (minutes: number) => {
    clock.at += minutes * minute;
  };
  return { store, clock, ids, hasher, made, merchants, locations, staff, rewards, recorded, pass };
}
