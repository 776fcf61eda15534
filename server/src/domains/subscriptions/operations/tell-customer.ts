/** What happens to a subscription, as its customer is told of it. */
import type { HappeningName } from '@sluice/contract/happenings';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatMinor } from '../../../platform/money.ts';
import { roundHalfUp } from '../../../platform/ratio.ts';
import type { Subscription } from '../core/record.ts';
import { priceOf } from '../core/subscription.ts';

type NameOf<N> = N extends `subscription.${infer Occasion}` ? Occasion : never;

export type Occasion = NameOf<HappeningName>;

/** Announced with the transaction that makes it true; the price is that of the next period. */
export async function tellCustomer(
  context: Context,
  transaction: Transaction,
  { id, organizationId, state }: Subscription,
  occasion: Occasion,
): Promise<void> {
  const { terms, pending, status, period } = state;
  const { currency } = terms;
  const price = { minor: roundHalfUp(priceOf(pending ?? terms)), currency };
  await announceHappening(context, transaction, `subscription.${occasion}`, {
    organizationId,
    data: {
      ...{ subscription: id, plan: terms.planName, status },
      current_period_end: period.to.toISOString(),
      ...{ amount: formatMinor(price), currency },
    },
  });
}
