import type { Config } from '../../../platform/config.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { rateBetween } from '../core/exchange-rate.ts';
import { readSetting } from './read-setting.ts';

/** Units of `to` for one unit of `from`, as a decimal; undefined where the operator has set no rate. */
export async function exchangeRate(
  executor: Executor,
  config: Pick<Config, 'usageCurrency'>,
  from: string,
  to: string,
): Promise<string | undefined> {
  const rates = await readSetting(executor, 'exchange_rates');
  return rateBetween(rates, { usageCurrency: config.usageCurrency, from, to });
}
