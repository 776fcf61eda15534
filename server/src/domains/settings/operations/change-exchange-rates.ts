import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

type Rates = Readonly<Record<string, string>>;

/**
 * Sets the operator's rates, all of them at once; undefined leaves them. Answers those in force.
 * @throws Refusal `rule_violated` for a rate of the usage currency itself, or one that is out of range.
 */
export async function changeExchangeRates(
  context: Context,
  rates: Rates | undefined,
): Promise<Rates> {
  const { usageCurrency } = context.config;
  if (rates && usageCurrency in rates) {
    throw new Refusal('rule_violated', `Leave ${usageCurrency} out: every rate is against it.`, {
      param: `exchange_rates.${usageCurrency}`,
    });
  }
  return inTransaction(context, async (transaction) => {
    if (rates) await writeSetting(context, transaction, 'exchange_rates', rates);
    return readSetting(transaction, 'exchange_rates');
  });
}
