import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import type { SettingValue } from '../settings.ts';
import { lockSetting } from '../store.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

type Seller = SettingValue<'seller'>;
export type SellerChanges = { [Name in keyof Seller]?: Seller[Name] | undefined };

/**
 * Sets what invoices say of the seller from now on; what is left out stays.
 * @throws Refusal `rule_violated`.
 */
export async function changeSeller(
  context: Context,
  transaction: Transaction,
  changes: SellerChanges,
): Promise<void> {
  await lockSetting(transaction, 'seller');
  const seller = await readSetting(transaction, 'seller');
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  await writeSetting(context, transaction, 'seller', { ...seller, ...Object.fromEntries(given) });
}
