import type { ProgramInput } from '@loyalty-engine/core';

/** A company whose one card works at all its locations. */
export const company = { id: 'malabar', name: 'Malabar Coffee House' } as const;

export const locations = [
  { id: 'bandra', name: 'Bandra', timeZone: 'Asia/Kolkata' },
  { id: 'indiranagar', name: 'Indiranagar', timeZone: 'Asia/Kolkata' },
  { id: 'dubai', name: 'Dubai Airport', timeZone: 'Asia/Dubai' },
] as const;
export type LocationId = (typeof locations)[number]['id'];

/** The company's card: stamps for a coffee, and points that end when the card is not used. */
export const cardProgram = {
  id: 'malabar-card',
  merchantId: company.id,
  name: 'Malabar Card',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  enrolment: 'explicit',
  points: {
    earn: { points: 1, perAmount: '10' },
    redeem: { valuePerPoint: '1' },
    expiry: { kind: 'inactivity', months: 6 },
    welcomeBonus: 50,
  },
  stamps: {
    target: 10,
    cooldownMinutes: 30,
    maxPerDay: 3,
    reward: { name: 'A coffee of your choice', voucherDays: 60 },
  },
} satisfies ProgramInput;
