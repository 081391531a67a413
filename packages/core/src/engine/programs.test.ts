import { memoryStore } from '@loyalty-engine/testing';
import { expect, test } from 'vitest';
import { day, member, milesProgram, noon, openShop } from '../fixtures.test-data.ts';

test('a version is in force from its time on, and all versions are kept', async () => {
  const { loyalty, clock } = await openShop(memoryStore());
  const planned = milesProgram({ earn: { points: 2 } }, { effectiveFrom: new Date(noon + day) });
  expect(await loyalty.programs.publish(planned)).toMatchObject({ version: 2, effectiveFrom: noon + day });
  expect((await loyalty.programs.get('miles'))?.version).toBe(1);
  clock.at = noon + day;
  expect((await loyalty.programs.get('miles'))?.version).toBe(2);
  expect((await loyalty.programs.versions('miles')).map(({ version }) => version)).toEqual([1, 2]);
});

test('publishing the same at every start of an application adds nothing', async () => {
  const { loyalty, clock } = await openShop(memoryStore());
  clock.at = noon + 5 * day;
  expect((await loyalty.programs.publish(milesProgram())).version).toBe(1);
  expect(await loyalty.programs.versions('miles')).toHaveLength(1);
});

test('programs are listed by id, those in force', async () => {
  const { loyalty } = await openShop(memoryStore());
  await loyalty.programs.publish(milesProgram({}, { id: 'another' }));
  await loyalty.programs.publish(milesProgram({}, { id: 'later', effectiveFrom: new Date(noon + day) }));
  expect((await loyalty.programs.list()).map(({ id }) => id)).toEqual(['another', 'miles']);
});

test('an unknown program has no version, and its commands are refused', async () => {
  const { loyalty } = await openShop(memoryStore(), null);
  expect(await loyalty.programs.get('miles')).toBeNull();
  expect(await loyalty.earn({ ...member, order: { id: 'A', total: '1' } })).toMatchObject({
    code: 'NO_ACTIVE_PROGRAM',
    programId: 'miles',
  });
});

test('a program that is not valid is refused, naming the field', async () => {
  const { loyalty } = await openShop(memoryStore());
  const wrong = milesProgram({ earn: { perAmount: '0' } });
  await expect(loyalty.programs.publish(wrong)).rejects.toMatchObject({ field: 'points.earn.perAmount' });
});
