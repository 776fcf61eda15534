import type { Platform } from '../../platform/context.ts';
import type { MeterBook, PriceBook } from '../catalog/index.ts';
import type { TermsBook } from '../entitlements/index.ts';
import type { Access } from './access.ts';
import type { Rates } from './rates/rates.ts';
import type { AccessRequests } from './requests.ts';
import type { Subjects } from './subjects.ts';

/** What applications' questions are answered with. */
export interface ApplicationAccess {
  platform: Platform;
  access: Access;
  requests: AccessRequests;
  subjects: Subjects;
  prices: PriceBook;
  meters: MeterBook;
  terms: TermsBook;
  rates: Rates;
}
