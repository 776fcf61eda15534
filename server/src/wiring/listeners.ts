import { entitlementsListeners } from '../domains/entitlements/index.ts';
import { growthListeners } from '../domains/growth/index.ts';
import { invoicingListeners } from '../domains/invoicing/index.ts';
import { ledgerListeners } from '../domains/ledger/index.ts';
import { meteringListeners } from '../domains/metering/index.ts';
import { noticesListeners } from '../domains/notices/index.ts';
import { paymentsListeners } from '../domains/payments/index.ts';
import { riskListeners } from '../domains/risk/index.ts';
import { subscriptionsListeners } from '../domains/subscriptions/index.ts';
import { webhooksListeners } from '../domains/webhooks/index.ts';
import type { Listener } from '../platform/events.ts';

/** Reactions run in this order within a transaction. */
export const listeners: readonly Listener[] = [
  ...ledgerListeners,
  ...entitlementsListeners,
  ...paymentsListeners,
  ...invoicingListeners,
  ...subscriptionsListeners,
  ...riskListeners,
  ...growthListeners,
  ...meteringListeners,
  ...noticesListeners,
  ...webhooksListeners,
];
