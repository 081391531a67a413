import type { ClaimedRequest } from '../merchant/claimed-request.ts';
import type { Location, Merchant, RecordedChange } from '../merchant/merchant.ts';
import type { Reward, Voucher } from '../merchant/reward.ts';
import type { PinAttempts, Staff } from '../merchant/staff.ts';
import type { Table } from './table.ts';
import type { Tally } from './tally.ts';

export const merchantsTable: Table<Merchant> = {
  name: 'merchants',
  columns: [
    ['merchant_id', 'text'],
    ['name', 'text'],
    ['settings', 'json'],
    ['revision', 'count'],
    ['change_seq', 'count'],
    ['created_at', 'instant'],
  ],
  keys: 1,
  toRow: (merchant) => [
    merchant.merchantId,
    merchant.name,
    JSON.stringify(merchant.settings),
    merchant.revision,
    merchant.changeSeq,
    merchant.createdAt,
  ],
  fromRow: (row) => ({
    merchantId: row[0] as string,
    name: row[1] as string,
    settings: JSON.parse(row[2] as string) as Merchant['settings'],
    revision: row[3] as number,
    changeSeq: row[4] as number,
    createdAt: row[5] as number,
  }),
};

export const locationsTable: Table<Location> = {
  name: 'locations',
  columns: [
    ['merchant_id', 'text'],
    ['location_id', 'text'],
    ['name', 'text'],
    ['time_zone', 'text'],
    ['status', 'text'],
  ],
  keys: 2,
  toRow: (location) => [
    location.merchantId,
    location.locationId,
    location.name,
    location.timeZone,
    location.status,
  ],
  fromRow: (row) => ({
    merchantId: row[0] as string,
    locationId: row[1] as string,
    name: row[2] as string,
    timeZone: row[3] as string,
    status: row[4] as Location['status'],
  }),
};

export const staffTable: Table<Staff> = {
  name: 'staff',
  columns: [
    ['merchant_id', 'text'],
    ['staff_id', 'text'],
    ['name', 'text'],
    ['role', 'text'],
    ['location_id', 'text'],
    ['status', 'text'],
    ['pin_hash', 'text'],
    ['pin_set_at', 'instant'],
    ['last_used_at', 'instant'],
    ['created_at', 'instant'],
  ],
  keys: 2,
  toRow: (staff) => [
    staff.merchantId,
    staff.staffId,
    staff.name,
    staff.role,
    staff.locationId,
    staff.status,
    staff.pinHash,
    staff.pinSetAt,
    staff.lastUsedAt,
    staff.createdAt,
  ],
  fromRow: (row) => ({
    merchantId: row[0] as string,
    staffId: row[1] as string,
    name: row[2] as string,
    role: row[3] as string,
    locationId: row[4] as string | null,
    status: row[5] as Staff['status'],
    pinHash: row[6] as string,
    pinSetAt: row[7] as number,
    lastUsedAt: row[8] as number | null,
    createdAt: row[9] as number,
  }),
};

export const pinAttemptsTable: Table<PinAttempts> = {
  name: 'pin_attempts',
  columns: [
    ['merchant_id', 'text'],
    ['subject', 'text'],
    ['count', 'count'],
    ['since', 'instant'],
    ['locked_until', 'instant'],
  ],
  keys: 2,
  toRow: ({ merchantId, subject, count, since, lockedUntil }) => [
    merchantId,
    subject,
    count,
    since,
    lockedUntil,
  ],
  fromRow: (row) => ({
    merchantId: row[0] as string,
    subject: row[1] as string,
    count: row[2] as number,
    since: row[3] as number,
    lockedUntil: row[4] as number | null,
  }),
};

export const requestsTable: Table<ClaimedRequest> = {
  name: 'requests',
  columns: [
    ['scope', 'text'],
    ['request_key', 'text'],
    ['fingerprint', 'text'],
    ['at', 'instant'],
    ['claim_id', 'text'],
    ['answer', 'text'],
  ],
  keys: 2,
  toRow: ({ scope, key, fingerprint, at, claimId, answer }) => [scope, key, fingerprint, at, claimId, answer],
  fromRow: (row) => ({
    scope: row[0] as string,
    key: row[1] as string,
    fingerprint: row[2] as string,
    at: row[3] as number,
    claimId: row[4] as string,
    answer: row[5] as string | null,
  }),
};

export const changesTable: Table<RecordedChange> = {
  name: 'merchant_changes',
  columns: [
    ['merchant_id', 'text'],
    ['seq', 'count'],
    ['at', 'instant'],
    ['actor', 'text'],
    ['subject', 'text'],
    ['subject_id', 'text'],
    ['action', 'text'],
    ['before', 'json'],
    ['after', 'json'],
  ],
  keys: 2,
  toRow: (change) => [
    change.merchantId,
    change.seq,
    change.at,
    change.actor,
    change.subject,
    change.subjectId,
    change.action,
    change.before && JSON.stringify(change.before),
    change.after && JSON.stringify(change.after),
  ],
  fromRow: (row) => ({
    merchantId: row[0] as string,
    seq: row[1] as number,
    at: row[2] as number,
    actor: row[3] as string,
    subject: row[4] as RecordedChange['subject'],
    subjectId: row[5] as string,
    action: row[6] as string,
    before: row[7] === null ? null : (JSON.parse(row[7] as string) as RecordedChange['before']),
    after: row[8] === null ? null : (JSON.parse(row[8] as string) as RecordedChange['after']),
  }),
};

/** What a reward says beyond its figures. */
type RewardRest = Pick<
  Reward,
  'price' | 'gives' | 'activeFrom' | 'activeUntil' | 'perCustomer' | 'voucherDays'
>;

export const rewardsTable: Table<Reward> = {
  name: 'rewards',
  columns: [
    ['program_id', 'text'],
    ['reward_id', 'text'],
    ['name', 'text'],
    ['status', 'text'],
    ['stock', 'count'],
    ['redeemed', 'count'],
    ['rest', 'json'],
  ],
  keys: 2,
  toRow: ({ programId, rewardId, name, status, stock, redeemed, ...rest }) => [
    programId,
    rewardId,
    name,
    status,
    stock,
    redeemed,
    JSON.stringify(rest satisfies RewardRest),
  ],
  fromRow: (row) => ({
    programId: row[0] as string,
    rewardId: row[1] as string,
    name: row[2] as string,
    status: row[3] as Reward['status'],
    stock: row[4] as number | null,
    redeemed: row[5] as number,
    ...(JSON.parse(row[6] as string) as RewardRest),
  }),
};

/** What a voucher says beyond what is asked for. */
type VoucherRest = Pick<
  Voucher,
  'name' | 'gives' | 'points' | 'stamps' | 'lots' | 'stampLots' | 'programVersion'
>;

export const vouchersTable: Table<Voucher> = {
  name: 'vouchers',
  columns: [
    ['card_id', 'text'],
    ['code', 'text'],
    ['seq', 'count'],
    ['reward_id', 'text'],
    ['status', 'text'],
    ['issued_at', 'instant'],
    ['expires_at', 'instant'],
    ['used_at', 'instant'],
    ['used_location_id', 'text'],
    ['order_id', 'text'],
    ['rest', 'json'],
  ],
  keys: 2,
  toRow: (
    { code, seq, rewardId, status, issuedAt, expiresAt, usedAt, usedLocationId, orderId, ...rest },
    cardId,
  ) => [
    cardId,
    code,
    seq,
    rewardId,
    status,
    issuedAt,
    expiresAt,
    usedAt,
    usedLocationId,
    orderId,
    JSON.stringify(rest satisfies VoucherRest),
  ],
  fromRow: (row) => ({
    code: row[1] as string,
    seq: row[2] as number,
    rewardId: row[3] as string | null,
    status: row[4] as Voucher['status'],
    issuedAt: row[5] as number,
    expiresAt: row[6] as number,
    usedAt: row[7] as number | null,
    usedLocationId: row[8] as string | null,
    orderId: row[9] as string | null,
    ...(JSON.parse(row[10] as string) as VoucherRest),
  }),
};

/** Tallies as `Changes` has them: rows of one key add up. */
export const talliesTable: Table<Tally> = {
  name: 'tallies',
  columns: [
    ['program_id', 'text'],
    ['day', 'text'],
    ['location_id', 'text'],
    ['kind', 'text'],
    ['entries', 'count'],
    ['points', 'amount'],
    ['stamps', 'amount'],
  ],
  keys: 4,
  toRow: ({ programId, day, locationId, kind, entries, points, stamps }) => [
    programId,
    day,
    locationId,
    kind,
    entries,
    points,
    stamps,
  ],
  fromRow: (row) => ({
    programId: row[0] as string,
    day: row[1] as string,
    locationId: row[2] as string,
    kind: row[3] as Tally['kind'],
    entries: row[4] as number,
    points: row[5] as number,
    stamps: row[6] as number,
  }),
};
