import type { StoreName } from '../flags.ts';
import { checkoutAt, earnAt, ofProgram, type RequestKind, readingOf } from './request-kinds.ts';

export const connections = 64;
/** Two for each connection. */
export const customers = 128;

/** One kind of request that is measured, and what it is compared with. */
export interface Measured {
  title: string;
  requests: RequestKind;
  stores: readonly StoreName[];
  /** The title of its peer, and of the peer's requests a second the share to reach. */
  peer?: { title: string; share: number };
}

const both = ['sqlite', 'postgres'] as const;
const constant = 'a constant, GET /constant';
const handCheckout = 'checkout by hand';
const handEarn = 'earn by hand';

/** Peers stand beside each other: their turns follow one another. */
export const measured: readonly Measured[] = [
  {
    title: 'GET /user/points',
    requests: readingOf('/user/points'),
    stores: both,
    peer: { title: constant, share: 0.7 },
  },
  { title: constant, requests: readingOf('/constant'), stores: both },
  {
    title: 'GET /products/',
    requests: readingOf('/products/'),
    stores: both,
    peer: { title: constant, share: 0.7 },
  },
  {
    title: 'POST /checkout/',
    requests: checkoutAt('/checkout/'),
    stores: both,
    peer: { title: handCheckout, share: 1 },
  },
  { title: handCheckout, requests: checkoutAt('/by-hand/checkout'), stores: ['postgres'] },
  {
    title: 'POST /loyalty/store/earn',
    requests: earnAt('/loyalty/store/earn', ofProgram),
    stores: both,
    peer: { title: handEarn, share: 3 },
  },
  { title: handEarn, requests: earnAt('/by-hand/earn'), stores: ['postgres'] },
];
