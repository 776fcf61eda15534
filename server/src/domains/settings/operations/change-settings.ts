import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { defaultPlanChanged, dunningStepsChanged } from '../events.ts';
import type { SettingValue } from '../settings.ts';
import { lockSetting } from '../store.ts';
import { changeSeller, type SellerChanges } from './change-seller.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

/** What operators see and change, in the order in which they are locked. */
const names = [
  'default_plan',
  'dunning_steps',
  'exchange_rates',
  'fapiao_currencies',
  'forgotten_passwords_per_hour',
  'invoice_grace_hours',
  'invoice_text',
  'metering_late_horizon_days',
  'metering_retention_months',
  'audit_retention_months',
  'on_abort',
  'past_due_grace_days',
  'payment_notifications_per_hour',
  'public_status',
  'sign_ups_per_hour',
  'usage_invoice_thresholds',
] as const;

type Name = (typeof names)[number];
export type Settings = { [N in Name]: SettingValue<N> } & { seller: SettingValue<'seller'> };
export type SettingChanges = { [N in Name]?: SettingValue<N> | undefined } & {
  seller?: SellerChanges | undefined;
};

export async function readSettings(executor: Executor): Promise<Settings> {
  const values: [string, unknown][] = [];
  for (const name of [...names, 'seller'] as const) {
    values.push([name, await readSetting(executor, name)]);
  }
  return Object.fromEntries(values) as Settings;
}

/**
 * Changes all of the settings or none; what is left out stays. Exchange rates are replaced as a whole. Answers every
 * setting.
 * @throws Refusal `rule_violated` for a value out of its bounds, a rate of the usage currency, or a plan not on offer.
 */
export async function changeSettings(context: Context, changes: SettingChanges): Promise<Settings> {
  refuseOwnRate(context, changes);
  const { default_plan: plan, dunning_steps: steps, seller } = changes;
  return inTransaction(context, async (transaction) => {
    if (steps) await announceSteps(context, transaction, steps);
    for (const name of names) {
      const value = changes[name];
      if (value !== undefined) await writeSetting(context, transaction, name, value);
    }
    if (seller) await changeSeller(context, transaction, seller);
    if (plan !== undefined) {
      await context.events.announce(context, transaction, defaultPlanChanged, { plan });
    }
    return readSettings(transaction);
  });
}

/** First of all: what hears of it locks what a billing run locks before the audit log. */
async function announceSteps(
  context: Context,
  transaction: Transaction,
  after: SettingValue<'dunning_steps'>,
): Promise<void> {
  await lockSetting(transaction, 'dunning_steps');
  const before = await readSetting(transaction, 'dunning_steps');
  await context.events.announce(context, transaction, dunningStepsChanged, { before, after });
}

function refuseOwnRate({ config }: Context, { exchange_rates: rates = {} }: SettingChanges): void {
  const { usageCurrency } = config;
  if (!(usageCurrency in rates)) return;
  throw new Refusal('rule_violated', `Leave ${usageCurrency} out: every rate is against it.`, {
    param: `exchange_rates.${usageCurrency}`,
  });
}
