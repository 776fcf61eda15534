import { account } from './account.ts';
import { billing } from './billing.ts';
import { calls } from './calls.ts';
import { errors } from './errors.ts';
import { invoices } from './invoices.ts';
import { offers } from './offers.ts';
import { pay } from './pay.ts';
import { paymentMethods } from './payment-methods.ts';
import { quotas } from './quotas.ts';
import { shared } from './shared.ts';
import { subscriptions } from './subscriptions.ts';

/** What every page may say; the console's own words come with the console. */
export const everywhere = {
  ...shared,
  ...account,
  ...billing,
  ...calls,
  ...invoices,
  ...offers,
  ...pay,
  ...paymentMethods,
  ...quotas,
  ...subscriptions,
  errors,
};
