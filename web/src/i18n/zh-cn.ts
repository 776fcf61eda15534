import type { Translation } from './translation.ts';
import { account } from './zh-cn/account.ts';
import { billing } from './zh-cn/billing.ts';
import { calls } from './zh-cn/calls.ts';
import { console } from './zh-cn/console.ts';
import { errors } from './zh-cn/errors.ts';
import { invoices } from './zh-cn/invoices.ts';
import { offers } from './zh-cn/offers.ts';
import { quotas } from './zh-cn/quotas.ts';
import { shared } from './zh-cn/shared.ts';
import { subscriptions } from './zh-cn/subscriptions.ts';

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
} satisfies Translation;
