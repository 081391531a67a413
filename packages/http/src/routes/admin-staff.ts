import {
  changeStaffSchema,
  type LockInput,
  lockPinSchema,
  pageQuerySchema,
  registerStaffSchema,
  resetPinSchema,
  staffStatusSchema,
  type UnlockInput,
  unlockPinSchema,
} from '@loyalty-engine/core';
import type { z } from 'zod';
import { pinLockSchema, staffPageSchema, staffSchema, staffWithPinSchema } from '../answers/staff.ts';
import { bodyWithout, queryWithout } from '../bodies.ts';
import { route } from '../route.ts';
import { changed, reaches } from './own-merchant.ts';

const company = ['merchant', 'admin'] as const;

const merchant = '/admin/merchants/{merchantId}' as const;
const staff = `${merchant}/staff/{staffId}` as const;

type Pin = z.output<typeof staffWithPinSchema>;

/** A PIN is seen once: what is kept of its answer has none. */
const unseen = ({ staff: member }: Pin): Pin => ({ staff: member, pin: null });

/** Who confirms with a PIN, and the locks of PINs. */
export const adminStaff = {
  staff: route({
    method: 'GET',
    path: `${merchant}/staff`,
    summary: 'Staff by id, and who is locked',
    roles: company,
    query: queryWithout(pageQuerySchema),
    answer: staffPageSchema,
    list: 'staff',
    run: async (call) => (reaches(call) ? call.loyalty.staff.list(call.params.merchantId, call.query) : null),
  }),
  staffMember: route({
    method: 'GET',
    path: staff,
    summary: 'A staff member',
    roles: company,
    answer: staffSchema,
    run: async (call) =>
      reaches(call) ? call.loyalty.staff.get(call.params.merchantId, call.params.staffId) : null,
  }),
  registerStaff: route({
    method: 'POST',
    path: `${merchant}/staff`,
    summary: 'Make a staff member; the PIN is in this answer and nowhere after it',
    description: 'A replay answers the staff member with `pin: null`.',
    roles: company,
    body: bodyWithout(registerStaffSchema),
    answer: staffWithPinSchema,
    key: 'required',
    run: (call) => {
      const { merchantId } = call.params;
      const input = { ...call.body, merchantId, actor: call.actor };
      return changed(call, input, (member): Promise<Pin> => call.loyalty.staff.register(member), unseen);
    },
  }),
  changeStaff: route({
    method: 'PATCH',
    path: staff,
    summary: 'Change the name, the role or the location of a staff member',
    roles: company,
    body: bodyWithout(changeStaffSchema, 'staffId'),
    answer: staffSchema,
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, ...call.params, actor: call.actor }, (change) =>
        call.loyalty.staff.change(change),
      ),
  }),
  deactivateStaff: route({
    method: 'POST',
    path: `${staff}/deactivate`,
    summary: "From now on the staff member's PIN is wrong",
    roles: company,
    body: bodyWithout(staffStatusSchema, 'staffId'),
    answer: staffSchema,
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, ...call.params, actor: call.actor }, (change) =>
        call.loyalty.staff.deactivate(change),
      ),
  }),
  reactivateStaff: route({
    method: 'POST',
    path: `${staff}/reactivate`,
    summary: 'The PIN that was set last is right again',
    roles: company,
    body: bodyWithout(staffStatusSchema, 'staffId'),
    answer: staffSchema,
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, ...call.params, actor: call.actor }, (change) =>
        call.loyalty.staff.reactivate(change),
      ),
  }),
  resetPin: route({
    method: 'POST',
    path: `${staff}/reset-pin`,
    summary: 'Set a new PIN, which is in this answer and nowhere after it, and take a lock away',
    description: 'A replay answers the staff member with `pin: null`.',
    roles: company,
    body: bodyWithout(resetPinSchema, 'staffId'),
    answer: staffWithPinSchema,
    key: 'required',
    run: (call) => {
      const input = { ...call.body, ...call.params, actor: call.actor };
      return changed(call, input, (member): Promise<Pin> => call.loyalty.staff.resetPin(member), unseen);
    },
  }),
  lockPin: route({
    method: 'POST',
    path: `${merchant}/lock-pin`,
    summary: 'Lock a staff member or a terminal',
    roles: company,
    body: bodyWithout(lockPinSchema),
    answer: pinLockSchema,
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, ...call.params, actor: call.actor } as LockInput, (change) =>
        call.loyalty.staff.lock(change),
      ),
  }),
  unlockPin: route({
    method: 'POST',
    path: `${merchant}/unlock-pin`,
    summary: 'Take a lock away',
    roles: company,
    body: bodyWithout(unlockPinSchema),
    answer: pinLockSchema,
    key: 'optional',
    run: (call) =>
      changed(call, { ...call.body, ...call.params, actor: call.actor } as UnlockInput, (change) =>
        call.loyalty.staff.unlock(change),
      ),
  }),
};
