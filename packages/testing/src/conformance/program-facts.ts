import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { member, programOf } from './shop.ts';

/** Publishing programs, and which version applies when. */
export const programFacts: Facts = factsIn((open) => open(), {
  'publishing numbers the versions 1, 2, 3 and keeps each as it was': async (
    { loyalty, publish, clock },
    expect,
  ) => {
    clock.advance({ days: 1 });
    await publish({ effectiveFrom: '2026-02-01T00:00:00Z', earn: { points: 2 } });
    await publish({ effectiveFrom: '2026-03-01T00:00:00Z', earn: { points: 3 } });
    const versions = await loyalty.programs.versions(member.programId);
    expect(versions.map(({ version, points }) => [version, points.earn.points])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(versions[0]).toMatchObject({ effectiveFrom: Date.parse('2020-01-01T00:00:00Z') });
    expect(versions[1]).toMatchObject({ publishedAt: Date.parse('2026-01-16T10:00:00Z') });
  },

  'publishing the same content again adds no version': async ({ loyalty, publish, clock }, expect) => {
    const first = await publish();
    clock.advance({ days: 400 });
    const again = await loyalty.programs.publish(programOf());
    expect(again).toEqual(first);
    expect(await loyalty.programs.versions(member.programId)).toHaveLength(1);
  },

  'publishing at once from two connections adds one version': async ({ loyalty, second }, expect) => {
    const other = await second();
    const changed = programOf({ name: 'Miles, renamed', effectiveFrom: '2026-01-02T00:00:00Z' });
    const published = await Promise.all([
      ...Array.from({ length: 5 }, () => loyalty.programs.publish(changed)),
      ...Array.from({ length: 5 }, () => other.programs.publish(changed)),
    ]);
    expect(new Set(published.map(({ version }) => version))).toEqual(new Set([2]));
    expect(await loyalty.programs.versions(member.programId)).toHaveLength(2);
  },

  'a program keeps every option it was published with': async ({ loyalty, second }, expect) => {
    const full = programOf({
      id: 'every-option',
      name: 'Alle Möglichkeiten 🎁',
      currency: 'KWD',
      timeZone: 'America/Sao_Paulo',
      enrolment: 'explicit',
      earn: {
        points: 3,
        perAmount: '0.125',
        steps: 'complete',
        rounding: 'half-even',
        roundPer: 'line',
        maxPointsPerOrder: 1_000_000_000_000,
        minOrderAmount: '1.005',
        excludeCategories: ['books', 'gift cards'],
        excludeSkus: ['sku-1'],
        includeShipping: true,
        includeTax: true,
        availability: { afterDays: 14 },
      },
      redeem: {
        valuePerPoint: '0.0005',
        minPoints: 5,
        increment: 5,
        maxPointsPerOrder: 500,
        maxShareOfOrder: '0.5',
      },
      expiry: { kind: 'inactivity', months: 6, activities: ['earn', 'award'] },
      refunds: { shortfall: 'reject', restoreGraceDays: 7, split: 'cash-first' },
      welcomeBonus: 10,
      maxBalance: 999,
    });
    const published = await loyalty.programs.publish(full);
    const { effectiveFrom: _from, ...content } = full;
    expect(published).toMatchObject({
      ...content,
      effectiveFrom: Date.parse('2020-01-01T00:00:00Z'),
      version: 1,
    });
    const read = await (await second()).programs.get('every-option');
    expect(read).toEqual(published);
  },

  'a program belongs to one merchant and one currency for good': async ({ loyalty, publish }, expect) => {
    await expect(publish({ merchantId: 'another' })).rejects.toMatchObject({ code: 'PROGRAM_CONFLICT' });
    await expect(publish({ currency: 'USD' })).rejects.toMatchObject({ code: 'PROGRAM_CONFLICT' });
    expect(await loyalty.programs.versions(member.programId)).toHaveLength(1);
  },

  'the version in force is the latest that has begun': async ({ loyalty, publish, clock }, expect) => {
    await publish({ effectiveFrom: '2026-02-01T00:00:00Z', earn: { points: 2 } });
    expect((await loyalty.programs.get(member.programId))?.version).toBe(1);
    clock.set('2026-01-31T23:59:59.999Z');
    expect((await loyalty.programs.get(member.programId))?.version).toBe(1);
    clock.set('2026-02-01T00:00:00Z');
    expect((await loyalty.programs.get(member.programId))?.version).toBe(2);
  },

  'a command follows the version in force when it happened, not when it was sent': async (
    { loyalty, publish, clock },
    expect,
  ) => {
    await publish({ effectiveFrom: '2026-02-01T00:00:00Z', earn: { points: 2 } });
    clock.set('2026-02-03T00:00:00Z');
    const offline = await loyalty.earn({
      ...member,
      order: { id: 'A', total: '100' },
      occurredAt: '2026-01-31T23:59:59.999Z',
    });
    const online = await loyalty.earn({ ...member, order: { id: 'B', total: '100' } });
    expect(offline).toMatchObject({ ok: true, points: 10, entries: [{ programVersion: 1 }] });
    expect(online).toMatchObject({ ok: true, points: 20, entries: [{ programVersion: 2 }] });
  },

  'a new version changes no entry that there is': async ({ loyalty, publish, clock }, expect) => {
    unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '100' } }));
    const before = await loyalty.statement(member);
    clock.advance({ days: 1 });
    await publish({
      effectiveFrom: '2026-01-01T00:00:00Z',
      earn: { points: 9 },
      expiry: { kind: 'after-earning', days: 1 },
    });
    expect(await loyalty.statement(member)).toEqual(before);
  },

  'a command before the first version is refused': async ({ loyalty, publish }, expect) => {
    await publish({ id: 'later', effectiveFrom: '2026-06-01T00:00:00Z' });
    const outcome = await loyalty.earn({ ...member, programId: 'later', order: { id: 'A', total: '100' } });
    expect(outcome).toMatchObject({ ok: false, code: 'NO_ACTIVE_PROGRAM', programId: 'later' });
  },

  'programs are listed by id, each in its version in force': async ({ loyalty, publish, clock }, expect) => {
    await publish({ id: 'zebra' });
    await publish({ id: 'alpha' });
    await publish({ id: 'future', effectiveFrom: '2027-01-01T00:00:00Z' });
    clock.advance({ days: 1 });
    expect((await loyalty.programs.list()).map(({ id }) => id)).toEqual(['alpha', 'miles', 'zebra']);
    expect(await loyalty.programs.get('nothing')).toBeNull();
    expect(await loyalty.programs.versions('nothing')).toEqual([]);
  },
});
