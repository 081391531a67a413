import { actor, bandra, companyWith, merchantId, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { publishMug } from './reward-facts.ts';
import { member, start } from './shop.ts';

/** The books of merchants: who they are, and who changed what. */
export const merchantFacts: Facts = factsIn(companyWith(), {
  'registering again changes and records nothing': async ({ loyalty, clock }, expect) => {
    const { merchants, locations } = loyalty;
    const before = [await merchants.get(merchantId), await merchants.changes(merchantId)];
    clock.advance({ hours: 1 });
    await merchants.register({ id: merchantId, name: 'Cathay' });
    await locations.register({ merchantId, id: bandra, name: 'Bandra', timeZone: 'Asia/Kolkata' });
    await merchants.configure({ merchantId, settings: { pinAttempts: 5, allowVoid: true }, actor });
    expect([await merchants.get(merchantId), await merchants.changes(merchantId)]).toEqual(before);
  },

  'settings that are not given stay as they are, staff PINs by operation': async ({ loyalty }, expect) => {
    const { merchants } = loyalty;
    const first = { staffPin: { stamp: 'required', redeem: 'off' }, pinAttempts: 3 } as const;
    await merchants.configure({ merchantId, settings: first, actor });
    const second = { staffPin: { redeem: 'optional' }, allowVoid: false } as const;
    const { settings } = await merchants.configure({ merchantId, settings: second, actor });
    expect(settings).toEqual({
      staffPin: { stamp: 'required', redeem: 'optional' },
      pinAttempts: 3,
      pinLockMinutes: 30,
      selfEnrolment: true,
      allowVoid: false,
      crossLocationRedemption: true,
      requireOrderReference: false,
    });
    expect((await merchants.get(merchantId))?.settings).toEqual(settings);
    expect((await merchants.get(rival.merchantId))?.settings.pinAttempts).toBe(5);
  },

  'each change is recorded with who, when, from what and to what, in order': async (
    { loyalty, clock },
    expect,
  ) => {
    const { merchants, locations, rewards } = loyalty;
    const known = (await merchants.changes(merchantId)).changes.length;
    clock.advance({ hours: 1 });
    await merchants.configure({ merchantId, settings: { pinAttempts: 3 }, actor });
    await locations.close({ merchantId, locationId: bandra, actor, reason: 'rain' });
    await publishMug(loyalty, { stock: 5, actor });
    await publishMug(loyalty, { stock: 6, actor });
    await rewards.withdraw({ programId: member.programId, id: 'mug', actor });
    await merchants.register({ id: merchantId, name: 'Cathay Shop', actor });
    const { changes } = await merchants.changes(merchantId);
    const at = '2026-01-15T11:00:00.000Z';
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: known + 6 }, (_, index) => index + 1));
    expect(changes[0]).toMatchObject({
      subject: 'merchant',
      action: 'registered',
      at: start,
      actor: 'system',
    });
    expect(changes.slice(known)).toMatchObject([
      { subject: 'settings', actor, at, before: { pinAttempts: 5 }, after: { pinAttempts: 3 } },
      {
        subject: 'location',
        subjectId: bandra,
        action: 'closed',
        before: { status: 'open' },
        after: { status: 'closed', reason: 'rain' },
      },
      { subject: 'reward', subjectId: 'mug', action: 'published', before: null, after: { stock: 5 } },
      { subject: 'reward', action: 'changed', before: { stock: 5 }, after: { stock: 6 } },
      { subject: 'reward', action: 'withdrawn', before: { status: 'active' } },
      { subject: 'merchant', action: 'renamed', before: { name: 'Cathay' }, after: { name: 'Cathay Shop' } },
    ]);
  },

  'changes of two at once are numbered without a gap': async ({ loyalty, second }, expect) => {
    const other = await second();
    const { nextCursor } = await loyalty.merchants.changes(merchantId);
    expect(nextCursor).toBeNull();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? loyalty : other).locations.register({
          merchantId,
          id: `shop ${index}`,
          name: 'Shop',
          timeZone: 'Asia/Kolkata',
        }),
      ),
    );
    const { changes } = await other.merchants.changes(merchantId);
    expect(changes.map(({ seq }) => seq)).toEqual(changes.map((_change, index) => index + 1));
    expect((await loyalty.locations.list(merchantId)).locations).toHaveLength(22);
    expect((await other.merchants.get(merchantId))?.revision).toBe(23);
  },

  "another merchant's location and one there is none of look alike": async ({ loyalty }, expect) => {
    const { locations } = loyalty;
    expect(await locations.get(merchantId, rival.locationId)).toBeNull();
    const close = (locationId: string) =>
      locations.close({ merchantId, locationId, actor }).catch((error) => error);
    expect(await close(rival.locationId)).toMatchObject({ code: 'LOCATION_NOT_FOUND' });
    expect(await close(rival.locationId)).toEqual(await close('nothing'));
    await expect(
      loyalty.merchants.configure({ merchantId: 'nobody', settings: {}, actor }),
    ).rejects.toMatchObject({ code: 'MERCHANT_NOT_FOUND' });
  },

  'lists come page by page': async ({ loyalty }, expect) => {
    for (const id of ['a', 'b', 'c'])
      await loyalty.locations.register({ merchantId, id, name: id, timeZone: 'Asia/Kolkata' });
    const first = await loyalty.locations.list(merchantId, { limit: 3 });
    expect(first.locations.map(({ id }) => id)).toEqual(['a', 'b', bandra]);
    const rest = await loyalty.locations.list(merchantId, { cursor: first.nextCursor ?? '' });
    expect(rest.locations.map(({ id }) => id)).toEqual(['c', 'new-york']);
    expect(rest.nextCursor).toBeNull();
    expect((await loyalty.merchants.list()).merchants.map(({ id }) => id)).toEqual([merchantId, 'rival']);
  },
});
