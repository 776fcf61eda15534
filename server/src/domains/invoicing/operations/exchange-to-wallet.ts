import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { MinorMoney } from '../../../platform/money.ts';
import { convertMinor } from '../../payments/index.ts';
import { exchangeRate } from '../../settings/index.ts';
import type { Exchange } from '../core/invoice.ts';

/**
 * What an amount is in the wallet's currency at today's rate, to be frozen on the invoice; null where it is in that
 * currency already.
 * @throws Refusal `currency_unsupported`, `amount_out_of_range`.
 */
export async function exchangeToWallet(
  context: Context,
  executor: Executor,
  amount: MinorMoney,
): Promise<Exchange | null> {
  const { usageCurrency } = context.config;
  if (amount.currency === usageCurrency) return null;
  const rate = await exchangeRate(executor, context.config, amount.currency, usageCurrency);
  if (rate === undefined) {
    throw new Refusal(
      'currency_unsupported',
      `There is no rate from ${amount.currency} to ${usageCurrency}: use ${usageCurrency}.`,
      { param: 'currency' },
    );
  }
  const converted = convertMinor(amount, rate, usageCurrency);
  if (converted) return { amount: converted, rate };
  throw new Refusal('amount_out_of_range', `This is less than the smallest ${usageCurrency}.`, {
    param: 'amount',
  });
}
