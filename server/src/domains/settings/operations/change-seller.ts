import { type Context, inTransaction } from '../../../platform/context.ts';
import type { SettingValue } from '../settings.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

type Seller = SettingValue<'seller'>;
type SellerChanges = { [Name in keyof Seller]?: Seller[Name] | undefined };

/**
 * Sets what invoices say of the seller from now on; what is left out stays. Answers what is in force.
 * @throws Refusal `rule_violated`.
 */
export async function changeSeller(
  context: Context,
  changes: SellerChanges | undefined,
): Promise<Seller> {
  return inTransaction(context, async (transaction) => {
    const seller = await readSetting(transaction, 'seller');
    if (!changes) return seller;
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const changed: Seller = { ...seller, ...Object.fromEntries(given) };
    await writeSetting(context, transaction, 'seller', changed);
    return changed;
  });
}
