import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgramInput } from '@loyalty-engine/core';
import { onTestFinished } from 'vitest';

/** A path in a folder of its own that is removed after the test. */
export function temporaryFile(name = 'loyalty.sqlite'): string {
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** 1 point for every rupee, spent at a rupee each. */
export const program: ProgramInput = {
  id: 'miles',
  merchantId: 'cathay',
  name: 'Miles',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  effectiveFrom: '2020-01-01T00:00:00Z',
  points: { earn: { points: 1, perAmount: '1' }, redeem: { valuePerPoint: '1' } },
};

export const member = { programId: 'miles', customerId: 'sachin' };
