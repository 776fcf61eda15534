/** Rates and concurrency of calls that applications ask for. */
import type { CallRates } from './application-access.ts';

/** Takes and gives no places: every call has one. */
export const unlimitedCallRates: CallRates = {
  take: async () => undefined,
  give: async () => undefined,
  renew: async () => undefined,
};
