import { alertsPersonalData } from '../domains/alerts/index.ts';
import { auditPersonalData } from '../domains/audit/index.ts';
import { customersPersonalData } from '../domains/customers/index.ts';
import { growthPersonalData } from '../domains/growth/index.ts';
import { identityPersonalData } from '../domains/identity/index.ts';
import { importsPersonalData } from '../domains/imports/index.ts';
import { invoicingPersonalData } from '../domains/invoicing/index.ts';
import { ledgerPersonalData } from '../domains/ledger/index.ts';
import { meteringPersonalData } from '../domains/metering/index.ts';
import { noticesPersonalData } from '../domains/notices/index.ts';
import { paymentsPersonalData } from '../domains/payments/index.ts';
import { riskPersonalData } from '../domains/risk/index.ts';
import { subscriptionsPersonalData } from '../domains/subscriptions/index.ts';
import { webhooksPersonalData } from '../domains/webhooks/index.ts';
import type { PersonalData } from '../platform/personal-data.ts';

/** What domains keep about people, in the order of erasing: whoever needs a person's memberships comes before identity. */
export const personalData: readonly PersonalData[] = [
  importsPersonalData,
  alertsPersonalData,
  growthPersonalData,
  riskPersonalData,
  customersPersonalData,
  noticesPersonalData,
  webhooksPersonalData,
  subscriptionsPersonalData,
  invoicingPersonalData,
  paymentsPersonalData,
  meteringPersonalData,
  ledgerPersonalData,
  auditPersonalData,
  identityPersonalData,
];
