/** What verified notifications mean in our words. */
import type { Claims, NotificationMeaning } from '../../provider.ts';
import { type Merchant, readTransaction } from './orders.ts';
import { readRefundNews } from './refunds.ts';

export function translateEvent(
  { event_type, resource }: Claims,
  merchant: Merchant,
): NotificationMeaning {
  const type = String(event_type);
  if (type.startsWith('REFUND.')) {
    const refund = readRefundNews(resource);
    return refund
      ? { kind: 'refund', refund }
      : { kind: 'implausible', reason: 'it describes no refund' };
  }
  // Events of other products arrive at the same address where a merchant uses them too.
  if (type !== 'TRANSACTION.SUCCESS') return { kind: 'nothing' };
  const read = readTransaction(resource, merchant);
  if (read.state === 'unreadable') return { kind: 'implausible', reason: read.reason };
  return read.state === 'paid' ? { kind: 'collected', money: read.money } : { kind: 'nothing' };
}
