import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import { LoyaltyError } from '../errors.ts';
import type { Merchant, RecordedChange } from '../merchant/merchant.ts';
import {
  defaultSettings,
  type MerchantSettings,
  type MerchantSettingsInput,
  settingsSchema,
} from '../merchant/settings.ts';
import { changesTable, merchantsTable } from '../ports/merchant-tables.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { type PageQuery, pageQuerySchema, readPage } from './read-page.ts';
import { type Books, changedFields, recordChange } from './record-change.ts';

export const registerMerchantSchema = z.strictObject({
  id: identifierSchema,
  name: noteSchema,
  actor: identifierSchema.default('system'),
});

/** The settings without their defaults: what is not given stays as it is. */
const changeShape = Object.fromEntries(
  Object.entries(settingsSchema.shape).map(([name, field]) => [name, field.unwrap().optional()]),
) as unknown as {
  [Name in keyof MerchantSettings]: z.ZodOptional<
    z.ZodType<MerchantSettings[Name], Exclude<MerchantSettingsInput[Name], undefined>>
  >;
};

export const configureMerchantSchema = z.strictObject({
  merchantId: identifierSchema,
  settings: z.strictObject(changeShape),
  actor: identifierSchema,
});

const merchantIdSchema = z.strictObject({ merchantId: identifierSchema });

export type MerchantInput = z.input<typeof registerMerchantSchema>;

export interface ConfigureInput {
  merchantId: string;
  settings: MerchantSettingsInput;
  actor: string;
}

/** A merchant as it is read. `revision` counts changes of its settings and locations. */
export interface MerchantView {
  id: string;
  name: string;
  settings: MerchantSettings;
  revision: number;
  createdAt: string;
}

/** A recorded change as it is read. */
export interface RecordedChangeView extends Omit<RecordedChange, 'at'> {
  at: string;
}

/** Companies: registering them, their settings, and the record of who changed what. */
export interface Merchants {
  /**
   * Makes a merchant with the default settings, or renames it. The same again changes and records nothing, so that an
   * application can register at every start. `actor` is `system` where it is not given.
   *
   * @throws InvalidCommandError naming the field.
   * @example
   * await loyalty.merchants.register({ id: 'cathay', name: 'Cathay' }) //=> { id: 'cathay', revision: 1, ... }
   */
  register(merchant: MerchantInput): Promise<MerchantView>;
  /**
   * Changes the settings that are given, `staffPin` by operation; the others stay as they are. Commands follow from the
   * next one on. Where nothing changes, nothing is recorded.
   *
   * @throws InvalidCommandError naming the field; LoyaltyError MERCHANT_NOT_FOUND.
   * @example
   * await loyalty.merchants.configure({
   *   merchantId: 'cathay', settings: { staffPin: { stamp: 'required' }, pinAttempts: 3 }, actor: 'anita',
   * })
   */
  configure(change: ConfigureInput): Promise<MerchantView>;
  get(merchantId: string): Promise<MerchantView | null>;
  /** A page of merchants by id: 50, or `limit` up to 1,000. */
  list(query?: PageQuery): Promise<{ merchants: MerchantView[]; nextCursor: string | null }>;
  /**
   * A page of what was changed of the merchant, its settings, locations, staff and rewards, oldest first. PINs and hashes
   * are in none of them.
   */
  changes(
    merchantId: string,
    query?: PageQuery,
  ): Promise<{ changes: RecordedChangeView[]; nextCursor: string | null }>;
}

export function merchantsOf(store: Books, now: () => Instant): Merchants {
  return {
    register: async (input) => register(store, parseInput(registerMerchantSchema, input), now()),
    configure: async (input) => configure(store, parseInput(configureMerchantSchema, input), now()),
    async get(merchantId) {
      const { merchantId: id } = parseInput(merchantIdSchema, { merchantId });
      const [merchant] = await store.records(merchantsTable, [[id]]);
      return merchant ? viewMerchant(merchant) : null;
    },
    async list(query = {}) {
      const page = parseInput(pageQuerySchema, query);
      const { rows, nextCursor } = await readPage(store, merchantsTable, null, page);
      return { merchants: rows.map(viewMerchant), nextCursor };
    },
    async changes(merchantId, query = {}) {
      const { merchantId: id } = parseInput(merchantIdSchema, { merchantId });
      const page = parseInput(pageQuerySchema, query);
      const { rows, nextCursor } = await readPage(store, changesTable, id, page);
      return { changes: rows.map((change) => ({ ...change, at: isoText(change.at) })), nextCursor };
    },
  };
}

function register(
  store: Books,
  { id, name, actor }: z.output<typeof registerMerchantSchema>,
  at: Instant,
): Promise<MerchantView> {
  return recordChange(store, { merchantId: id, keys: [], at }, (existing) => {
    if (existing?.name === name) return { result: viewMerchant(existing), rows: [], record: null };
    const merchant: Merchant = existing
      ? { ...existing, name }
      : { merchantId: id, name, settings: defaultSettings, revision: 1, changeSeq: 0, createdAt: at };
    const record = {
      actor,
      subject: 'merchant' as const,
      subjectId: id,
      action: existing ? 'renamed' : 'registered',
      before: existing && { name: existing.name },
      after: { name },
    };
    return { result: viewMerchant(merchant), rows: [], merchant, record };
  });
}

function configure(
  store: Books,
  { merchantId, settings: given, actor }: z.output<typeof configureMerchantSchema>,
  at: Instant,
): Promise<MerchantView> {
  return recordChange(store, { merchantId, keys: [], at }, (existing) => {
    const merchant = demandMerchant(existing);
    const settings = mergeSettings(merchant.settings, given);
    const changed = changedFields(merchant.settings, settings);
    if (!changed) return { result: viewMerchant(merchant), rows: [], record: null };
    const configured = { ...merchant, settings, revision: merchant.revision + 1 };
    const record = {
      actor,
      subject: 'settings' as const,
      subjectId: merchantId,
      action: 'changed',
      ...changed,
    };
    return { result: viewMerchant(configured), rows: [], merchant: configured, record };
  });
}

function mergeSettings(
  present: MerchantSettings,
  given: z.output<typeof configureMerchantSchema>['settings'],
): MerchantSettings {
  const staffPin = { ...present.staffPin, ...withoutGaps(given.staffPin ?? {}) };
  return { ...present, ...withoutGaps(given), staffPin };
}

/** Without the fields that are there but undefined: they were not given. */
function withoutGaps<Fields extends object>(
  fields: Fields,
): {
  [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** The merchant, or a throw. */
export function demandMerchant(merchant: Merchant | null): Merchant {
  if (merchant) return merchant;
  throw new LoyaltyError('MERCHANT_NOT_FOUND', 'There is no such merchant; register it first');
}

function viewMerchant({ merchantId, name, settings, revision, createdAt }: Merchant): MerchantView {
  return { id: merchantId, name, settings, revision, createdAt: isoText(createdAt) };
}
