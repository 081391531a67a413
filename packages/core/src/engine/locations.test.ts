import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { by, cathay, openCompany } from './company.test-data.ts';

const company = () => openCompany(memoryStore());
const juhu = { ...cathay, id: 'juhu', name: 'Juhu', timeZone: 'Asia/Kolkata' };

describe('a location', () => {
  test('is registered open, with its own zone', async () => {
    const { locations, merchants } = await company();
    expect(await locations.register(juhu)).toEqual({ ...juhu, status: 'open' });
    expect(await locations.get('cathay', 'juhu')).toEqual({ ...juhu, status: 'open' });
    expect((await merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      actor: 'system',
      subject: 'location',
      subjectId: 'juhu',
      action: 'registered',
      before: null,
      after: { name: 'Juhu', timeZone: 'Asia/Kolkata', status: 'open' },
    });
  });

  test('registered again changes nothing, or only what is new', async () => {
    const { locations, merchants, recorded } = await company();
    await locations.register(juhu);
    const { length } = await recorded();
    await locations.register(juhu);
    expect(await recorded()).toHaveLength(length);
    const moved = await locations.register({ ...juhu, timeZone: 'Asia/Dubai', ...by });
    expect(moved).toMatchObject({ name: 'Juhu', timeZone: 'Asia/Dubai' });
    expect((await merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      action: 'changed',
      before: { timeZone: 'Asia/Kolkata' },
      after: { timeZone: 'Asia/Dubai' },
    });
  });

  test('is closed and reopened with an actor and a reason, once each', async () => {
    const { locations, merchants, recorded } = await company();
    const bandra = { ...cathay, locationId: 'bandra', ...by };
    expect(await locations.close({ ...bandra, reason: 'monsoon' })).toMatchObject({ status: 'closed' });
    expect((await merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      action: 'closed',
      actor: 'anita',
      before: { status: 'open' },
      after: { status: 'closed', reason: 'monsoon' },
    });
    const { length } = await recorded();
    await locations.close(bandra);
    expect(await recorded()).toHaveLength(length);
    expect(await locations.reopen(bandra)).toMatchObject({ status: 'open' });
    expect((await recorded()).at(-1)).toBe('location bandra reopened');
  });

  test('that is closed stays closed when an application registers it at its start', async () => {
    const { locations } = await company();
    await locations.register(juhu);
    await locations.close({ ...cathay, locationId: 'juhu', ...by });
    expect(await locations.register(juhu)).toMatchObject({ status: 'closed' });
  });

  test.each(['none', 'camp'])('%s, unknown or of another merchant, is not found', async (locationId) => {
    const { locations } = await company();
    const gone = { code: 'LOCATION_NOT_FOUND', message: 'The merchant has no such location' };
    await expect(locations.close({ ...cathay, locationId, ...by })).rejects.toMatchObject(gone);
    await expect(locations.reopen({ ...cathay, locationId, ...by })).rejects.toMatchObject(gone);
    expect(await locations.get('cathay', locationId)).toBeNull();
  });

  test("may have the id of another merchant's location", async () => {
    const { locations } = await company();
    await locations.register({ ...juhu, id: 'camp' });
    expect(await locations.get('cathay', 'camp')).toMatchObject({ name: 'Juhu' });
    expect(await locations.get('dorabjee', 'camp')).toMatchObject({ name: 'Camp' });
  });

  test('needs a merchant that is registered, and a zone that there is', async () => {
    const { locations } = await company();
    await expect(locations.register({ ...juhu, merchantId: 'none' })).rejects.toMatchObject({
      code: 'MERCHANT_NOT_FOUND',
    });
    for (const timeZone of ['Asia/Atlantis', '+05:30', '']) {
      await expect(locations.register({ ...juhu, timeZone })).rejects.toMatchObject({ field: 'timeZone' });
    }
  });
});

test('locations are listed by id, those of their merchant only', async () => {
  const { locations } = await company();
  await locations.register(juhu);
  const first = await locations.list('cathay', { limit: 2 });
  expect(first.locations.map(({ id }) => id)).toEqual(['bandra', 'colaba']);
  const rest = await locations.list('cathay', { cursor: first.nextCursor as string });
  expect(rest).toMatchObject({ locations: [{ id: 'juhu' }], nextCursor: null });
  expect(await locations.list('none')).toEqual({ locations: [], nextCursor: null });
});
