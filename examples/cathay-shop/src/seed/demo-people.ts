import type { SignedInUser } from '../accounts/signed-in-user.ts';

/** Somebody of the demo, whose password is no secret. */
export interface DemoPerson extends SignedInUser {
  password: string;
}

/** The people of the demo. A customer's id is also who they are to the engine. */
export const demoPeople: readonly DemoPerson[] = [
  {
    id: 'priya',
    email: 'priya@cathay.example',
    name: 'Priya Nair',
    role: 'customer',
    password: 'priya-loves-miles',
  },
  {
    id: 'rahul',
    email: 'rahul@cathay.example',
    name: 'Rahul Mehta',
    role: 'customer',
    password: 'rahul-pays-cash',
  },
  {
    id: 'sachin',
    email: 'sachin@cathay.example',
    name: 'Sachin Patil',
    role: 'customer',
    password: 'sachin-is-new',
  },
  {
    id: 'admin',
    email: 'admin@cathay.example',
    name: 'Anita Rao',
    role: 'admin',
    password: 'anita-runs-the-shop',
  },
];

/** Who confirms with a PIN at the shop's counters. */
export const demoStaff = [
  { id: 'asha', name: 'Asha', role: 'manager', pin: '482913' },
  { id: 'ravi', name: 'Ravi', role: 'cashier', locationId: 'bandra', pin: '730582' },
] as const;
