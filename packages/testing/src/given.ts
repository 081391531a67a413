import {
  type CardState,
  evolve,
  foldWork,
  type InstantInput,
  InvalidCommandError,
  LoyaltyError,
  newCardState,
  nextVersion,
  type Outcome,
  type ProgramInput,
  type ProgramVersion,
  parseInput,
  programSchema,
} from '@loyalty-engine/core';
import { differences } from './differences.ts';
import { catalogueOf, type GivenMerchant, type GivenReward, termsOfMerchant } from './given-company.ts';
import { entryOf, instantOf, type PastEntry } from './past-entry.ts';
import {
  decidePurely,
  type FactsOf,
  nameOfCommand,
  type PureCommand,
  type PureCommandName,
  testMember,
} from './pure-command.ts';

/** A command that was carried out before. */
export type PastCommand = PureCommand & { at: InstantInput };
/** What happened before: entries, told by `earned`, `redeemed`, `awarded` and `adjusted`, or commands with their time. */
export type Past = PastEntry | PastCommand;

/** What an outcome must be: the fields that matter of it, or a function that throws when it is not right. */
export type Expected<Facts extends object> =
  | Readonly<Record<string, unknown>>
  | ((outcome: Outcome<Facts>) => void);

export interface Given {
  /** Other rules than those of `exampleProgram`; several versions where several are given. */
  under(...programs: ProgramInput[]): Given;
  /** The program's merchant is registered, with these settings and locations; without it, it never was. */
  merchant(merchant: GivenMerchant): Given;
  /** What is in the catalogue. */
  rewards(rewards: readonly GivenReward[]): Given;
  when<Name extends PureCommandName>(command: PureCommand<Name>): When<FactsOf<Name>>;
}

export interface When<Facts extends object> {
  at(now: InstantInput): Decided<Facts>;
}

export interface Decided<Facts extends object> {
  /** Returns the outcome when it is as expected. @throws Error that names every field that differs. */
  then(expected: Expected<Facts>): Outcome<Facts>;
  /** Passes when the command is not one, because of that field. @throws Error that says what happened instead. */
  thenInvalid(field: string): void;
}

/** The rules that hold where a test gives none: 1 point for every 10 rupees, 1 rupee a point, 12 months. */
export const exampleProgram: ProgramInput = {
  id: testMember.programId,
  merchantId: 'test',
  name: 'Test program',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  points: {
    earn: { points: 1, perAmount: '10' },
    redeem: { valuePerPoint: '1' },
    expiry: { kind: 'after-earning', months: 12 },
  },
};

/**
 * Given what happened on a card, when a command comes at an instant, then the outcome is this: a rule tested without
 * store, clock or promise. Needs no test runner: what differs is an Error that says where.
 *
 * @example
 * given([earned(50, { at: '2026-01-15T10:00:00Z' })])
 *   .when({ redeem: { points: 30 } })
 *   .at('2026-02-01T00:00:00Z')
 *   .then({ ok: true, points: 30, balance: { available: 20 } })
 * @example
 * given([{ earn: { order: { id: 'A', total: '500' } }, at: '2026-01-15T10:00:00Z' }])
 *   .when({ refund: { orderId: 'A', reason: 'returned' } })
 *   .at('2026-01-16T10:00:00Z')
 *   .then({ pointsClawedBack: 50 })
 * @example
 * given([{ stamp: {}, at: '2026-01-15T10:00:00Z' }])
 *   .under(programWithStamps)
 *   .merchant({ settings: { requireOrderReference: true } })
 *   .when({ stamp: {} })
 *   .at('2026-01-16T10:00:00Z')
 *   .then({ code: 'ORDER_REFERENCE_REQUIRED' })
 */
export function given(past: readonly Past[]): Given {
  return givenIn({ past, programs: [exampleProgram], merchant: null, rewards: [] });
}

/** All that is given. */
interface Setting {
  past: readonly Past[];
  programs: readonly ProgramInput[];
  merchant: GivenMerchant | null;
  rewards: readonly GivenReward[];
}

function givenIn(setting: Setting): Given {
  return {
    under: (...programs) => givenIn({ ...setting, programs }),
    merchant: (merchant) => givenIn({ ...setting, merchant }),
    rewards: (rewards) => givenIn({ ...setting, rewards }),
    when: (command) => ({
      at(now) {
        const decide = () => {
          const state = stateIn(setting);
          return decidePurely(state, command as PureCommand, instantOf(now)).outcome;
        };
        // The facts are those of the command by its name, which `decidePurely` looks up at run time.
        return decided(decide as () => Outcome<never>);
      },
    }),
  };
}

function decided<Facts extends object>(decide: () => Outcome<Facts>): Decided<Facts> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: given, when, then; nothing here is ever awaited
    then(expected) {
      const outcome = decide();
      if (typeof expected === 'function') expected(outcome);
      else {
        const found = differences(outcome, expected, 'partial');
        if (found.length > 0) throw new Error(`${summary(outcome)}\n  ${found.join('\n  ')}`);
      }
      return outcome;
    },
    thenInvalid(field) {
      try {
        const outcome = decide();
        throw new Error(`Expected ${field} to be invalid. ${summary(outcome)}`);
      } catch (error) {
        if (!(error instanceof InvalidCommandError)) throw error;
        if (error.field !== field) throw new Error(`Expected ${field} to be invalid, got ${error.message}`);
      }
    },
  };
}

function summary(outcome: Outcome<object>): string {
  return outcome.ok
    ? 'The command was accepted, but the outcome differs:'
    : `The command was refused as ${outcome.code} (${outcome.message}), and the outcome differs:`;
}

function versionsOf(programs: readonly ProgramInput[]): ProgramVersion[] {
  const versions: ProgramVersion[] = [];
  for (const program of programs) {
    const parsed = parseInput(programSchema, { ...program, id: testMember.programId });
    versions.push(nextVersion(versions, parsed, 0));
  }
  return versions;
}

function stateIn({ past, programs, merchant, rewards }: Setting): CardState {
  const versions = versionsOf(programs);
  const terms = merchant && termsOfMerchant(versions[0]?.merchantId ?? '', merchant);
  let state = newCardState({ ...testCard, ...testMember }, versions, terms);
  state.rewards = catalogueOf(rewards);
  for (const one of past) {
    if (nameOfCommand(one)) carryOut(state, one as PastCommand);
    else state = evolve(state, entryOf(one as PastEntry, state));
  }
  return state;
}

const testCard = { cardId: 'card', number: '', qrToken: '' };

/** Carries a past command out on a state. @throws LoyaltyError when it is refused: then it never happened. */
function carryOut(state: CardState, { at, ...command }: PastCommand): void {
  const now = instantOf(at);
  const touches = [{ card: testMember, newCard: () => testCard, keys: [], at: now, now }];
  const decide = () => decidePurely(state, command as PureCommand, now);
  const [settled] = foldWork([{ touches, keys: [], fingerprint: '', decide }], () => state).settled;
  if (settled && 'error' in settled) throw settled.error;
  if (settled?.outcome.ok) return;
  throw new LoyaltyError(
    'NOT_GIVEN',
    `What is given was refused: ${nameOfCommand(command)} at ${String(at)}`,
    {
      cause: settled?.outcome,
    },
  );
}
