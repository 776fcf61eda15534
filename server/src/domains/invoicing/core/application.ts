/** The transfers that apply paid money to an invoice. */
import { fromMinor, type Money } from '../../../platform/money.ts';
import type { Invoice } from './invoice.ts';

interface ApplicationPosting {
  debit: 'unapplied' | 'receivable' | 'exchange';
  credit: 'receivable' | 'exchange' | 'wallet' | 'deferred';
  amount: Money;
  kind: string;
}

/**
 * Unapplied → receivable, then receivable → what was bought: the wallet (through an `exchange` pair where its currency
 * differs), or `deferred` for a package that has yet to be earned.
 */
export function applicationPostings(
  invoice: Pick<Invoice, 'kind' | 'total' | 'exchange'>,
): ApplicationPosting[] {
  const total = fromMinor(invoice.total);
  if (total.amount === 0n) return [];
  const paid: ApplicationPosting = {
    debit: 'unapplied',
    credit: 'receivable',
    amount: total,
    kind: 'invoice',
  };
  if (invoice.kind === 'package') {
    return [paid, { debit: 'receivable', credit: 'deferred', amount: total, kind: 'sale' }];
  }
  const kind = 'top_up';
  if (!invoice.exchange) {
    return [paid, { debit: 'receivable', credit: 'wallet', amount: total, kind }];
  }
  const brought = fromMinor(invoice.exchange.amount);
  return [
    paid,
    { debit: 'receivable', credit: 'exchange', amount: total, kind },
    { debit: 'exchange', credit: 'wallet', amount: brought, kind },
  ];
}
