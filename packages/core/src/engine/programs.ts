import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { type ProgramInput, programSchema } from '../program/program.ts';
import { nextVersion, type ProgramVersion, versionAt } from '../program/version.ts';

const programIdSchema = z.strictObject({ programId: identifierSchema });

/** Publishing and reading programs. */
export interface Programs {
  /**
   * Publishes a version of a program and returns it. The same content again returns the version there is, so that an
   * application can publish at every start. Versions are kept and never rewritten.
   *
   * @throws InvalidCommandError naming the field; LoyaltyError PROGRAM_CONFLICT when merchant or currency would change.
   */
  publish(program: ProgramInput): Promise<ProgramVersion>;
  /** The version in force now; null before the first or for an unknown id. */
  get(programId: string): Promise<ProgramVersion | null>;
  /** The versions in force now of all programs, by id. */
  list(): Promise<ProgramVersion[]>;
  /** All versions of a program, oldest first. */
  versions(programId: string): Promise<ProgramVersion[]>;
}

export function programsOf(store: LoyaltyStore, now: () => Instant): Programs {
  // Checked like any input: a store need not cope with what no program can be called.
  const versions = async (programId: string) =>
    store.versions(parseInput(programIdSchema, { programId }).programId);
  return {
    async publish(input) {
      const program = parseInput(programSchema, input);
      const at = now();
      return store.publish(program.id, (existing) => nextVersion(existing, program, at));
    },
    async get(programId) {
      return versionAt(await versions(programId), now()) ?? null;
    },
    async list() {
      const ids = await store.programIds();
      const found = await Promise.all(ids.map(async (id) => versionAt(await store.versions(id), now())));
      return found.filter((version) => version !== undefined);
    },
    versions,
  };
}
