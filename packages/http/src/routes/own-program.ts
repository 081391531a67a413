import type { Loyalty, ProgramVersion } from '@loyalty-engine/core';

interface Reach {
  loyalty: Loyalty;
  merchantId: string | undefined;
}

/** The program's first version, which says whose it is; null where there is none, or another merchant's. */
export async function ownProgram(
  { loyalty, merchantId }: Reach,
  programId: string,
): Promise<ProgramVersion | null> {
  const [first] = await loyalty.programs.versions(programId);
  if (!first) return null;
  return merchantId === undefined || first.merchantId === merchantId ? first : null;
}

/** The programs that can be reached, by the rules in force now. */
export async function programsWithin({ loyalty, merchantId }: Reach): Promise<ProgramVersion[]> {
  const programs = await loyalty.programs.list();
  return merchantId === undefined
    ? programs
    : programs.filter((program) => program.merchantId === merchantId);
}
