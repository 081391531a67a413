import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LoyaltyError } from '../errors.ts';
import { day, milesProgram, milesVersion, noon } from '../fixtures.test-data.ts';
import { programSchema } from './program.ts';
import { nextVersion, versionAt, versionNumbered } from './version.ts';

const version = (number: number, effectiveFrom: number) => ({
  ...milesVersion(),
  version: number,
  effectiveFrom,
});
const program = (maxPointsPerOrder: number, effectiveFrom?: Date) =>
  programSchema.parse(
    milesProgram({ earn: { maxPointsPerOrder } }, effectiveFrom === undefined ? {} : { effectiveFrom }),
  );

describe('the version in force', () => {
  const versions = [version(1, 1000), version(2, 3000), version(3, 2000), version(4, 3000)];

  test.each([
    [999, undefined],
    [1000, 1],
    [1999, 1],
    [2000, 3],
    [2999, 3],
    [3000, 4],
    [9999, 4],
  ])('at %i is %s: the latest start, among equals the higher number', (at, number) => {
    expect(versionAt(versions, at)?.version).toBe(number);
  });

  test('does not depend on the order in which versions are listed', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(versions, { minLength: 4 }), fc.nat(4000), (shuffled, at) => {
        expect(versionAt(shuffled, at)).toBe(versionAt(versions, at));
      }),
    );
  });

  test('a version that entries name and nobody has is a defect', () => {
    expect(versionNumbered(versions, 3)).toBe(versions[2]);
    expect(() => versionNumbered(versions, 9)).toThrow(
      expect.objectContaining({ code: 'PROGRAM_VERSION_MISSING' }),
    );
  });
});

describe('publishing', () => {
  const first = nextVersion([], program(500), noon);

  test('makes version 1, in force from now', () => {
    expect(first).toMatchObject({ version: 1, effectiveFrom: noon, publishedAt: noon });
  });

  test('the same content again gives the version there is', () => {
    expect(nextVersion([first], program(500), noon + day)).toBe(first);
  });

  test('other content makes the next version and leaves the first as it was', () => {
    const second = nextVersion([first], program(600), noon + day);
    expect(second).toMatchObject({ version: 2, effectiveFrom: noon + day });
    expect(first.points.earn.maxPointsPerOrder).toBe(500);
  });

  test('content that was in force before, and is no more, is a version of its own', () => {
    const second = nextVersion([first], program(600), noon + 1);
    expect(nextVersion([first, second], program(500), noon + 2).version).toBe(3);
  });

  test('a version can be planned for later, and planned again without a new one', () => {
    const later = new Date(noon + 30 * day);
    const planned = nextVersion([first], program(600, later), noon);
    expect(planned).toMatchObject({ version: 2, effectiveFrom: later.getTime(), publishedAt: noon });
    expect(nextVersion([first, planned], program(600, later), noon + day)).toBe(planned);
    expect(versionAt([first, planned], noon + day)).toBe(first);
  });

  test.each([
    ['merchant', { merchantId: 'another' }],
    ['currency', { currency: 'USD' }],
  ])('the %s can never change', (_what, change) => {
    const changed = programSchema.parse(milesProgram({}, change));
    expect(() => nextVersion([first], changed, noon)).toThrow(LoyaltyError);
    expect(() => nextVersion([first], changed, noon)).toThrow(
      expect.objectContaining({ code: 'PROGRAM_CONFLICT' }),
    );
  });
});
