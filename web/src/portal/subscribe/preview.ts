/** What a preview comes to, in the words that a page says it with. */
import type { ChangePreview } from '../../features/subscription/subscription.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';

export type Outcome =
  | { kind: 'pay'; amount: string }
  /** Given back by credit notes, for later invoices. */
  | { kind: 'credit'; amount: string }
  | { kind: 'nothing' };

export function outcomeOf({ total, due }: Pick<ChangePreview, 'total' | 'due'>): Outcome {
  if (toNanos(total) < 0n) return { kind: 'credit', amount: fromNanos(-toNanos(total)) };
  return toNanos(due) > 0n ? { kind: 'pay', amount: due } : { kind: 'nothing' };
}

/** What each cycle costs from then on, all seats together. */
export function cyclePriceOf({
  amount,
  quantity,
}: Pick<ChangePreview['subscription'], 'amount' | 'quantity'>): string {
  return fromNanos(toNanos(amount) * BigInt(quantity));
}
