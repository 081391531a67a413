import { LoyaltyError } from '../errors.ts';
import type { Instant } from './instant.ts';
import type { Program } from './program.ts';

/**
 * One published version of a program. Versions are numbered 1, 2, 3 ... and never rewritten; entries name the version
 * they were decided by.
 */
export interface ProgramVersion extends Omit<Program, 'effectiveFrom'> {
  version: number;
  effectiveFrom: Instant;
  publishedAt: Instant;
}

/**
 * The version in force at an instant: the latest `effectiveFrom` not after it; among equals the higher number.
 * Undefined before the first.
 */
export function versionAt(versions: readonly ProgramVersion[], at: Instant): ProgramVersion | undefined {
  let found: ProgramVersion | undefined;
  for (const candidate of versions) {
    if (candidate.effectiveFrom > at) continue;
    if (
      !found ||
      candidate.effectiveFrom > found.effectiveFrom ||
      (candidate.effectiveFrom === found.effectiveFrom && candidate.version > found.version)
    ) {
      found = candidate;
    }
  }
  return found;
}

/** The version with that number. */
export function versionNumbered(versions: readonly ProgramVersion[], version: number): ProgramVersion {
  const found = versions.find((candidate) => candidate.version === version);
  if (!found) throw new LoyaltyError('PROGRAM_VERSION_MISSING', `The program has no version ${version}`);
  return found;
}

/**
 * What publishing makes of the versions there are: the next version, or the existing one where the same content is
 * already in force, so that publishing at every start of an application adds nothing.
 *
 * @throws LoyaltyError PROGRAM_CONFLICT when the merchant or the currency would change: amounts already kept would
 * change their meaning.
 */
export function nextVersion(
  existing: readonly ProgramVersion[],
  program: Program,
  now: Instant,
): ProgramVersion {
  const { effectiveFrom, ...content } = program;
  const first = existing[0];
  if (first && (first.merchantId !== program.merchantId || first.currency !== program.currency)) {
    throw new LoyaltyError(
      'PROGRAM_CONFLICT',
      `Program ${program.id} belongs to merchant ${first.merchantId} in ${first.currency}; neither can change`,
    );
  }
  const same =
    effectiveFrom === undefined
      ? versionAt(existing, now)
      : existing.findLast((version) => version.effectiveFrom === effectiveFrom);
  if (same && contentText(same) === JSON.stringify(content)) return same;
  const version = existing.reduce((highest, { version }) => Math.max(highest, version), 0) + 1;
  return { ...content, version, effectiveFrom: effectiveFrom ?? now, publishedAt: now };
}

function contentText({
  version: _version,
  effectiveFrom: _from,
  publishedAt: _at,
  ...content
}: ProgramVersion): string {
  return JSON.stringify(content);
}
