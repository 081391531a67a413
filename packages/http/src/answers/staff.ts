import type { PinAccepted, PinLock, StaffRegister, StaffView, StaffWithPin } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { cursorText, instantText } from './texts.ts';

export const staffSchema = answer<StaffView>()(
  z
    .object({
      merchantId: z.string(),
      id: z.string(),
      name: z.string(),
      role: z.string(),
      locationId: z.string().nullable().describe('Null: at every location of the merchant.'),
      status: z.enum(['active', 'inactive']),
      lockedUntil: instantText
        .nullable()
        .describe('Until when no PIN of the staff member is checked; null: not locked.'),
      pinSetAt: instantText,
      lastUsedAt: instantText.nullable().describe('When a right PIN was last given.'),
      createdAt: instantText,
    })
    .meta({ id: 'Staff', description: 'Who confirms with a PIN.' }),
);

export const staffPageSchema = answer<Awaited<ReturnType<StaffRegister['list']>>>()(
  z
    .object({ staff: z.array(staffSchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'StaffPage', description: 'A page of staff, by id.' }),
);

/** A staff member and the PIN just set; null where the request is a repeated one, as no PIN can be shown again. */
type StaffWithPinOnce = Omit<StaffWithPin, 'pin'> & { pin: StaffWithPin['pin'] | null };

export const staffWithPinSchema = answer<StaffWithPinOnce>()(
  z
    .object({
      staff: staffSchema,
      pin: z
        .string()
        .nullable()
        .describe('To be shown once: it is kept nowhere. Null where the same request was answered before.'),
    })
    .meta({ id: 'StaffWithPin', description: 'A staff member and the PIN that was just set.' }),
);

export const pinLockSchema = answer<PinLock>()(
  z
    .object({
      merchantId: z.string(),
      staffId: z.string().nullable(),
      terminalId: z.string().nullable(),
      lockedUntil: instantText.nullable().describe('Null: there is no lock.'),
    })
    .meta({ id: 'PinLock', description: 'Until when no PIN of a staff member or at a terminal is checked.' }),
);

export const pinAcceptedSchema = answer<Omit<PinAccepted, 'ok' | 'proof' | 'expiresAt'>>()(
  z
    .object({ staffId: z.string(), name: z.string(), role: z.string() })
    .meta({ id: 'PinAccepted', description: 'Whose PIN it was.' }),
);
