import { pinAttemptsTable } from '@loyalty-engine/core';
import { actor, merchantId } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import type { Shop } from './shop.ts';
import { companyWithStaff, staffId, terminalId, wrongPin } from './staff-shop.ts';

const week = { pinAttempts: 2, pinLockMinutes: 7 * 24 * 60 };

/** Which counters of wrong PINs there are, of these. */
async function countersOf({ store }: Shop, subjects: readonly string[]): Promise<string[]> {
  const rows = await store.records(
    pinAttemptsTable,
    subjects.map((subject) => [merchantId, subject]),
  );
  return rows.flatMap((row) => (row ? [row.subject] : []));
}

/** What the expiry job clears away beside points. */
export const forgettingFacts: Facts = factsIn(companyWithStaff, {
  'wrong PINs are forgotten once they count no more, and no lock before it ends': async (shop, expect) => {
    const { loyalty, clock } = shop;
    const subjects = ['staff:nobody', `staff:${staffId}`, `terminal:${terminalId}`, 'terminal:lost'];
    const check = (who: string) =>
      loyalty.staff.checkPin({ merchantId, staffId: who, pin: wrongPin, terminalId });
    await loyalty.merchants.configure({ merchantId, settings: week, actor });
    await loyalty.staff.lock({ merchantId, terminalId: 'lost', minutes: 14 * 24 * 60, actor });
    expect(await check('nobody')).toMatchObject({ code: 'PIN_WRONG' });
    clock.set('2026-01-22T10:00:00.000Z');
    await loyalty.jobs.expirePoints();
    expect(await countersOf(shop, subjects)).toEqual([
      'staff:nobody',
      `terminal:${terminalId}`,
      'terminal:lost',
    ]);
    expect(await check(staffId)).toMatchObject({ code: 'PIN_WRONG' });
    clock.set('2026-01-22T10:00:00.001Z');
    await loyalty.jobs.expirePoints();
    expect(await countersOf(shop, subjects)).toEqual([
      `staff:${staffId}`,
      `terminal:${terminalId}`,
      'terminal:lost',
    ]);
    expect(await check('nobody')).toMatchObject({ code: 'PIN_LOCKED' });
    clock.set('2026-01-29T10:00:00.000Z');
    await loyalty.jobs.expirePoints();
    expect(await countersOf(shop, subjects)).not.toContain('terminal:lost');
  },
});
