import type { Instant } from '../program/instant.ts';
import type { MerchantSettings } from './settings.ts';

/** A company: one or more programs, many locations, one set of settings. */
export interface Merchant {
  merchantId: string;
  name: string;
  settings: MerchantSettings;
  /** Counts changes of what commands see: the settings and the locations. */
  revision: number;
  /** Number of the last recorded change. */
  changeSeq: number;
  createdAt: Instant;
}

/** A place where a merchant's cards work: its local day is that of `timeZone` (IANA). */
export interface Location {
  merchantId: string;
  locationId: string;
  name: string;
  timeZone: string;
  status: 'open' | 'closed';
}

/** A merchant as commands see it. Never changed: a store that reads a newer revision makes another. */
export interface MerchantTerms {
  merchant: Merchant;
  locations: ReadonlyMap<string, Location>;
}

/** What a change of a merchant's books was about. */
export type ChangeSubject = 'merchant' | 'settings' | 'location' | 'staff' | 'reward';

/** One recorded change: who changed what, when, from what to what. Secrets are left out. */
export interface RecordedChange {
  merchantId: string;
  /** 1, 2, 3 ... a merchant, without a gap. */
  seq: number;
  at: Instant;
  actor: string;
  subject: ChangeSubject;
  subjectId: string;
  /** `registered`, `changed`, `closed`, `pin-reset`, `locked`, `unlocked` ... */
  action: string;
  before: Readonly<Record<string, unknown>> | null;
  after: Readonly<Record<string, unknown>> | null;
}
