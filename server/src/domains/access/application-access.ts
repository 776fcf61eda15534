import type { Platform } from '../../platform/context.ts';
import type { Refusal } from '../../platform/errors.ts';
import type { MeterBook, PriceBook } from '../catalog/index.ts';
import type { Terms, TermsBook } from '../entitlements/index.ts';
import type { Access } from './access.ts';
import type { AccessRequest } from './core/access-request.ts';
import type { RateWindows } from './rate-windows.ts';
import type { AccessRequests } from './requests.ts';
import type { AccessSubject, Subjects } from './subjects.ts';

/** What applications' questions are answered with. */
export interface ApplicationAccess {
  platform: Platform;
  access: Access;
  requests: AccessRequests;
  subjects: Subjects;
  prices: PriceBook;
  meters: MeterBook;
  terms: TermsBook;
  rates: CallRates;
  windows: RateWindows;
}

/** Rates and concurrency of calls that applications ask for. */
export interface CallRates {
  /** Takes a call's place; answers why not where there is none. */
  take(request: AccessRequest, of: RateHolders): Promise<Refusal | undefined>;
  /** Gives the place back; without tokens as if it had never been taken, otherwise for so many. */
  give(request: AccessRequest, used?: { tokens: number }): Promise<void>;
  /** Keeps the place of a call that goes on. */
  renew(request: AccessRequest, expiresAt: Date): Promise<void>;
}

export interface RateHolders {
  subject: AccessSubject;
  terms: Terms;
  /** Wall time after which a call that said nothing has no place any more. */
  expiresAt: Date;
}
