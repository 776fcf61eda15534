import { type Context, inTransaction } from '../../../platform/context.ts';
import { readSetting, type SettingValue, writeSetting } from '../../settings/index.ts';

export function readReferralRules({ database }: Context): Promise<SettingValue<'referral_rules'>> {
  return readSetting(database, 'referral_rules');
}

/** @throws Refusal `rule_violated`, so where both rewards are more than the payments that earn them. */
export async function writeReferralRules(
  context: Context,
  rules: SettingValue<'referral_rules'>,
): Promise<SettingValue<'referral_rules'>> {
  return inTransaction(context, async (transaction) => {
    await writeSetting(context, transaction, 'referral_rules', rules);
    return rules;
  });
}
