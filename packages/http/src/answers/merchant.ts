import {
  type Locations,
  type LocationView,
  type Merchants,
  type MerchantView,
  type RecordedChangeView,
  settingsSchema,
} from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { cursorText, instantText } from './texts.ts';

export const merchantSchema = answer<MerchantView>()(
  z
    .object({
      id: z.string(),
      name: z.string(),
      settings: settingsSchema.meta({
        id: 'MerchantSettings',
        description:
          'What staff and customers may do. An operation that `staffPin` does not name is `optional`.',
      }),
      revision: z.int().describe('Counts changes of the settings and the locations.'),
      createdAt: instantText,
    })
    .meta({ id: 'Merchant', description: 'A company: its programs, locations, staff and settings.' }),
);

export const merchantPageSchema = answer<Awaited<ReturnType<Merchants['list']>>>()(
  z
    .object({ merchants: z.array(merchantSchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'MerchantPage', description: 'A page of merchants, by id.' }),
);

export const locationSchema = answer<LocationView>()(
  z
    .object({
      merchantId: z.string(),
      id: z.string(),
      name: z.string(),
      timeZone: z.string().meta({ description: 'IANA: its local day.', examples: ['Asia/Kolkata'] }),
      status: z.enum(['open', 'closed']),
    })
    .meta({ id: 'Location', description: "A place where a merchant's cards work." }),
);

export const locationPageSchema = answer<Awaited<ReturnType<Locations['list']>>>()(
  z
    .object({ locations: z.array(locationSchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'LocationPage', description: 'A page of locations, by id.' }),
);

const fields = z.record(z.string(), z.unknown()).nullable();

const changeSchema = answer<RecordedChangeView>()(
  z
    .object({
      merchantId: z.string(),
      seq: z.int().describe('1, 2, 3 ... a merchant, without a gap.'),
      at: instantText,
      actor: z.string().describe('Who changed it.'),
      subject: z.enum(['merchant', 'settings', 'location', 'staff', 'reward']),
      subjectId: z.string(),
      action: z.string().meta({ examples: ['registered', 'changed', 'closed', 'pin-reset'] }),
      before: fields.describe('The fields that changed, as they were.'),
      after: fields.describe('The fields that changed, as they are.'),
    })
    .meta({ id: 'Change', description: 'Who changed what, when, from what to what. Secrets are left out.' }),
);

export const changePageSchema = answer<Awaited<ReturnType<Merchants['changes']>>>()(
  z
    .object({ changes: z.array(changeSchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'ChangePage', description: 'A page of changes, oldest first.' }),
);
