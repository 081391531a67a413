import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import { LoyaltyError } from '../errors.ts';
import type { Location } from '../merchant/merchant.ts';
import { locationsTable } from '../ports/merchant-tables.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { programSchema } from '../program/program.ts';
import { demandMerchant } from './merchants.ts';
import { type PageQuery, pageQuerySchema, readPage } from './read-page.ts';
import { type BookChange, type Books, changedFields, recordChange } from './record-change.ts';

export const registerLocationSchema = z.strictObject({
  merchantId: identifierSchema,
  id: identifierSchema,
  name: noteSchema,
  timeZone: programSchema.shape.timeZone,
  actor: identifierSchema.default('system'),
});

export const locationStatusSchema = z.strictObject({
  merchantId: identifierSchema,
  locationId: identifierSchema,
  actor: identifierSchema,
  reason: noteSchema.optional(),
});

const merchantIdSchema = z.strictObject({ merchantId: identifierSchema });
const locationKeySchema = z.strictObject({ merchantId: identifierSchema, locationId: identifierSchema });

export type LocationInput = z.input<typeof registerLocationSchema>;
export type LocationStatusInput = z.input<typeof locationStatusSchema>;

/** A location as it is read. */
export interface LocationView {
  merchantId: string;
  id: string;
  name: string;
  timeZone: string;
  status: 'open' | 'closed';
}

/** Places where a merchant's cards work. One of another merchant is not found, like one that does not exist. */
export interface Locations {
  /**
   * Makes a location, or changes its name and its zone. The same again changes and records nothing, so that an application
   * can register at every start; a closed one stays closed. `actor` is `system` where it is not given.
   *
   * @throws InvalidCommandError naming the field; LoyaltyError MERCHANT_NOT_FOUND.
   * @example
   * await loyalty.locations.register({ merchantId: 'cathay', id: 'bandra', name: 'Bandra', timeZone: 'Asia/Kolkata' })
   * //=> { merchantId: 'cathay', id: 'bandra', name: 'Bandra', timeZone: 'Asia/Kolkata', status: 'open' }
   */
  register(location: LocationInput): Promise<LocationView>;
  /** Closes a location: commands at it are refused. @throws LoyaltyError LOCATION_NOT_FOUND. */
  close(location: LocationStatusInput): Promise<LocationView>;
  /** Opens a closed location again. @throws LoyaltyError LOCATION_NOT_FOUND. */
  reopen(location: LocationStatusInput): Promise<LocationView>;
  get(merchantId: string, locationId: string): Promise<LocationView | null>;
  /** A page of the merchant's locations by id: 50, or `limit` up to 1,000. */
  list(
    merchantId: string,
    query?: PageQuery,
  ): Promise<{ locations: LocationView[]; nextCursor: string | null }>;
}

export function locationsOf(store: Books, now: () => Instant): Locations {
  const setStatus = async (status: Location['status'], action: string, input: LocationStatusInput) => {
    const { merchantId, locationId, actor, reason } = parseInput(locationStatusSchema, input);
    return changeLocation(store, { merchantId, locationId, at: now() }, (existing) => {
      const location = { ...demandLocation(existing), status };
      return { location, actor, action, note: reason === undefined ? {} : { reason } };
    });
  };
  return {
    async register(input) {
      const { merchantId, id: locationId, name, timeZone, actor } = parseInput(registerLocationSchema, input);
      return changeLocation(store, { merchantId, locationId, at: now() }, (existing) => {
        const status = existing?.status ?? 'open';
        const location = { merchantId, locationId, name, timeZone, status };
        return { location, actor, action: existing ? 'changed' : 'registered', note: {} };
      });
    },
    close: (input) => setStatus('closed', 'closed', input),
    reopen: (input) => setStatus('open', 'reopened', input),
    async get(merchantId, locationId) {
      const key = parseInput(locationKeySchema, { merchantId, locationId });
      const [location] = await store.records(locationsTable, [[key.merchantId, key.locationId]]);
      return location ? viewLocation(location) : null;
    },
    async list(merchantId, query = {}) {
      const { merchantId: id } = parseInput(merchantIdSchema, { merchantId });
      const page = parseInput(pageQuerySchema, query);
      const { rows, nextCursor } = await readPage(store, locationsTable, id, page);
      return { locations: rows.map(viewLocation), nextCursor };
    },
  };
}

interface LocationChange {
  location: Location;
  actor: string;
  action: string;
  /** What the record says beside the fields that changed. */
  note: { reason?: string };
}

function changeLocation(
  store: Books,
  { merchantId, locationId, at }: { merchantId: string; locationId: string; at: Instant },
  decide: (existing: Location | null) => LocationChange,
): Promise<LocationView> {
  const keys = [{ table: locationsTable, key: [merchantId, locationId] }];
  return recordChange(store, { merchantId, keys, at }, (found, [row]): BookChange<LocationView> => {
    const existing = (row ?? null) as Location | null;
    const { location, actor, action, note } = decide(existing);
    const merchant = demandMerchant(found);
    const { merchantId: _merchant, locationId: _location, ...content } = location;
    const changed = existing ? changedFields(existing, content) : { before: null, after: content };
    if (!changed) return { result: viewLocation(location), rows: [], record: null };
    const { before, after } = changed;
    return {
      result: viewLocation(location),
      rows: [{ table: locationsTable, row: location, isNew: existing === null }],
      merchant: { ...merchant, revision: merchant.revision + 1 },
      record: {
        actor,
        subject: 'location',
        subjectId: locationId,
        action,
        before,
        after: { ...after, ...note },
      },
    };
  });
}

/** The location, or a throw. */
export function demandLocation(location: Location | null): Location {
  if (location) return location;
  throw new LoyaltyError('LOCATION_NOT_FOUND', 'The merchant has no such location');
}

function viewLocation({ merchantId, locationId, name, timeZone, status }: Location): LocationView {
  return { merchantId, id: locationId, name, timeZone, status };
}
