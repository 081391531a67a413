import { LoyaltyError } from '../errors.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { ProgramVersion } from '../program/version.ts';

/** The two fields by which a query says what it is about: one program, all programs of a merchant, or one of those. */
export const programChoiceShape = {
  programId: identifierSchema.optional(),
  merchantId: identifierSchema.optional(),
};

/** What a query is about. With both, the program must be the merchant's. */
export interface ProgramChoice {
  programId?: string | undefined;
  merchantId?: string | undefined;
}

/**
 * The programs that a query is about, by id: the one it names, or those of the merchant, of which there may be none.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND, also for a program of another merchant.
 */
export async function chosenPrograms(
  store: LoyaltyStore,
  { programId, merchantId }: ProgramChoice,
): Promise<string[]> {
  if (programId !== undefined) {
    await firstVersion(store, programId, merchantId);
    return [programId];
  }
  const ids = await store.programIds();
  const versions = await Promise.all(ids.map((id) => store.versions(id)));
  return ids.filter((_id, index) => versions[index]?.[0]?.merchantId === merchantId);
}

/** The first version of a program, whose merchant and currency are those of all. @throws LoyaltyError PROGRAM_NOT_FOUND */
export async function firstVersion(
  store: LoyaltyStore,
  programId: string,
  merchantId: string | undefined,
): Promise<ProgramVersion> {
  const [first] = await store.versions(programId);
  if (first && (merchantId === undefined || first.merchantId === merchantId)) return first;
  throw new LoyaltyError('PROGRAM_NOT_FOUND', `There is no program ${programId}`);
}
