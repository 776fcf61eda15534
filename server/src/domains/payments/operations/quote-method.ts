import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { requireProvider } from './open-attempt.ts';
import { requireOwnMethod } from './read-methods.ts';

/**
 * Whether an amount could be charged to a stored method now.
 * @throws Refusal `not_found`, `provider_unavailable`, `currency_unsupported`.
 */
export async function requireChargeable(
  context: Context,
  executor: Executor,
  { organizationId, id, amount }: { organizationId: string; id: string; amount: MinorMoney },
): Promise<void> {
  const method = await requireOwnMethod(executor, { organizationId, id }, 'payment_method');
  const { connection } = await requireProvider(context, executor, method.provider);
  if (!connection.methods || connection.merchant !== method.merchant) {
    throw new Refusal(
      'provider_unavailable',
      `${method.label} cannot be charged any more: choose another payment method.`,
      { param: 'payment_method' },
    );
  }
  if (connection.quote(amount)) return;
  throw new Refusal(
    'currency_unsupported',
    `${method.label} cannot be charged ${formatMinor(amount)} ${amount.currency}: choose another amount or method.`,
    { param: 'amount' },
  );
}
