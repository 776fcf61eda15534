/** What the pages of the portal are about, so that nobody is led to one that would only be refused. */
import type { Operation } from '@sluice/contract';
import { paths } from '../../paths.ts';

const needs: Partial<Record<string, Operation>> = {
  [paths.keys]: 'listApiKeys',
  [paths.calls]: 'listReceipts',
  [paths.call]: 'getReceipt',
  [paths.usage]: 'getUsage',
  [paths.costs]: 'listSpendCaps',
  [paths.costCenters]: 'listCostCenters',
  [paths.quotas]: 'listQuotas',
  [paths.billing]: 'getWallet',
  [paths.invoices]: 'listInvoices',
  [paths.invoice]: 'getInvoice',
  [paths.creditNote]: 'getCreditNote',
  [paths.subscription]: 'listSubscriptions',
  [paths.paymentMethods]: 'listPaymentMethods',
  [paths.quotes]: 'listQuotes',
  [paths.quote]: 'getQuote',
  [paths.organization]: 'getOrganizationSettings',
  [paths.notices]: 'listNotices',
  [paths.members]: 'listMembers',
  [paths.audit]: 'listAuditLogs',
  [paths.webhooks]: 'listWebhookEndpoints',
  [paths.webhook]: 'getWebhookEndpoint',
};

/** The operation without which a page has nothing to show; undefined where there is none. */
export function needOf(path: string): Operation | undefined {
  return needs[path];
}
