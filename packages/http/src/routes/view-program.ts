import { isoText, type ProgramVersion } from '@loyalty-engine/core';
import type { ProgramView } from '../answers/program.ts';

/** A version of a program as it is answered. */
export function viewProgram({ effectiveFrom, publishedAt, ...rules }: ProgramVersion): ProgramView {
  return { ...rules, effectiveFrom: isoText(effectiveFrom), publishedAt: isoText(publishedAt) };
}
