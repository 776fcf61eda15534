import { type Context, inTransaction } from '../../../platform/context.ts';
import { readSetting, type SettingValue, writeSetting } from '../../settings/index.ts';

export function readRiskRules({ database }: Context): Promise<SettingValue<'risk_rules'>> {
  return readSetting(database, 'risk_rules');
}

/** @throws Refusal `rule_violated`. */
export async function writeRiskRules(
  context: Context,
  rules: SettingValue<'risk_rules'>,
): Promise<SettingValue<'risk_rules'>> {
  return inTransaction(context, async (transaction) => {
    await writeSetting(context, transaction, 'risk_rules', rules);
    return rules;
  });
}
