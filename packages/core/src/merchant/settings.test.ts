import { describe, expect, test } from 'vitest';
import { parseInput } from '../commands/command.ts';
import { defaultSettings, operations, settingsSchema } from './settings.ts';

describe('the settings of a merchant', () => {
  test('where nothing is said ask for no PIN, lock after five wrong ones for half an hour, and allow what cards can do', () => {
    expect(defaultSettings).toEqual({
      staffPin: {},
      pinAttempts: 5,
      pinLockMinutes: 30,
      selfEnrolment: true,
      allowVoid: true,
      crossLocationRedemption: true,
      requireOrderReference: false,
    });
  });

  test('rule PINs operation by operation', () => {
    const all = Object.fromEntries(operations.map((operation) => [operation, 'required']));
    expect(parseInput(settingsSchema, { staffPin: all }).staffPin).toEqual(all);
    for (const mode of ['required', 'optional', 'off'])
      expect(parseInput(settingsSchema, { staffPin: { stamp: mode } }).staffPin).toEqual({ stamp: mode });
  });

  test.each([
    ['staffPin.stamp', { staffPin: { stamp: 'sometimes' } }],
    ['staffPin.dance', { staffPin: { dance: 'required' } }],
    ['pinAttempts', { pinAttempts: 0 }],
    ['pinAttempts', { pinAttempts: 101 }],
    ['pinLockMinutes', { pinLockMinutes: 0 }],
    ['pinLockMinutes', { pinLockMinutes: 10_081 }],
    ['selfEnrolment', { selfEnrolment: 'no' }],
    ['surprise', { surprise: true }],
  ])('refuse, and name, %s: %j', (field, settings) => {
    expect(() => parseInput(settingsSchema, settings)).toThrow(expect.objectContaining({ field }));
  });
});
