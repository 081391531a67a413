import {
  configureMerchantSchema,
  locationStatusSchema,
  pageQuerySchema,
  parseInput,
  registerLocationSchema,
  registerMerchantSchema,
} from '@loyalty-engine/core';
import {
  changePageSchema,
  locationPageSchema,
  locationSchema,
  merchantPageSchema,
  merchantSchema,
} from '../answers/merchant.ts';
import { bodyWithout, queryWithout } from '../bodies.ts';
import { route } from '../route.ts';
import { changed, reaches } from './own-merchant.ts';

const company = ['merchant', 'admin'] as const;
const platform = ['admin'] as const;

const merchant = '/admin/merchants/{merchantId}' as const;
const location = `${merchant}/locations/{locationId}` as const;
const _staff = `${merchant}/staff/{staffId}` as const;

/** Companies: what they are, their settings, locations and staff, and the record of who changed what. */
export const adminMerchants = {
  merchants: route({
    method: 'GET',
    path: '/admin/merchants',
    summary: 'Merchants by id',
    roles: company,
    query: queryWithout(pageQuerySchema),
    answer: merchantPageSchema,
    list: 'merchants',
    run: async (call) => {
      if (call.merchantId === undefined) return call.loyalty.merchants.list(call.query);
      parseInput(pageQuerySchema, call.query);
      const own = await call.loyalty.merchants.get(call.merchantId);
      return { merchants: own ? [own] : [], nextCursor: null };
    },
  }),
  merchant: route({
    method: 'GET',
    path: merchant,
    summary: 'A merchant and its settings',
    roles: company,
    answer: merchantSchema,
    etag: true,
    run: async (call) => (reaches(call) ? call.loyalty.merchants.get(call.params.merchantId) : null),
  }),
  registerMerchant: route({
    method: 'PUT',
    path: merchant,
    summary: 'Make a merchant with the default settings, or rename it',
    roles: platform,
    body: bodyWithout(registerMerchantSchema, 'id'),
    answer: merchantSchema,
    words: { id: 'merchantId' },
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, id: call.params.merchantId, actor: call.actor }, (merchant) =>
        call.loyalty.merchants.register(merchant),
      ),
  }),
  configureMerchant: route({
    method: 'PATCH',
    path: `${merchant}/settings`,
    summary: 'Change the settings that are given; the others stay as they are',
    roles: platform,
    body: configureMerchantSchema.shape.settings,
    answer: merchantSchema,
    words: { settings: '' },
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.params, settings: call.body, actor: call.actor }, (change) =>
        call.loyalty.merchants.configure(change),
      ),
  }),
  changes: route({
    method: 'GET',
    path: `${merchant}/changes`,
    summary: 'Who changed what of the merchant, its locations, staff and rewards, oldest first',
    roles: company,
    query: queryWithout(pageQuerySchema),
    answer: changePageSchema,
    list: 'changes',
    run: async (call) =>
      reaches(call) ? call.loyalty.merchants.changes(call.params.merchantId, call.query) : null,
  }),
  locations: route({
    method: 'GET',
    path: `${merchant}/locations`,
    summary: 'Locations by id',
    roles: company,
    query: queryWithout(pageQuerySchema),
    answer: locationPageSchema,
    list: 'locations',
    run: async (call) =>
      reaches(call) ? call.loyalty.locations.list(call.params.merchantId, call.query) : null,
  }),
  location: route({
    method: 'GET',
    path: location,
    summary: 'A location',
    roles: company,
    answer: locationSchema,
    words: { id: 'locationId' },
    run: async (call) =>
      reaches(call) ? call.loyalty.locations.get(call.params.merchantId, call.params.locationId) : null,
  }),
  registerLocation: route({
    method: 'PUT',
    path: location,
    summary: 'Make a location, or change its name and its zone',
    roles: company,
    body: bodyWithout(registerLocationSchema, 'id'),
    answer: locationSchema,
    words: { id: 'locationId' },
    key: 'optional',
    run: (call) => {
      const { merchantId, locationId: id } = call.params;
      const input = { ...call.body, merchantId, id, actor: call.actor };
      return changed(call, input, (place) => call.loyalty.locations.register(place));
    },
  }),
  closeLocation: route({
    method: 'POST',
    path: `${location}/close`,
    summary: 'Close a location: commands at it are refused',
    roles: company,
    body: bodyWithout(locationStatusSchema, 'locationId'),
    answer: locationSchema,
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, ...call.params, actor: call.actor }, (change) =>
        call.loyalty.locations.close(change),
      ),
  }),
  reopenLocation: route({
    method: 'POST',
    path: `${location}/reopen`,
    summary: 'Open a closed location again',
    roles: company,
    body: bodyWithout(locationStatusSchema, 'locationId'),
    answer: locationSchema,
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, ...call.params, actor: call.actor }, (change) =>
        call.loyalty.locations.reopen(change),
      ),
  }),
};
