import { account } from './en/account.ts';
import { billing } from './en/billing.ts';
import { calls } from './en/calls.ts';
import { console } from './en/console.ts';
import { errors } from './en/errors.ts';
import { invoices } from './en/invoices.ts';
import { offers } from './en/offers.ts';
import { quotas } from './en/quotas.ts';
import { shared } from './en/shared.ts';
import { subscriptions } from './en/subscriptions.ts';

export default {
  ...shared,
  ...account,
  ...billing,
  ...calls,
  ...invoices,
  ...offers,
  ...quotas,
  ...subscriptions,
  ...console,
  errors,
} as const;
