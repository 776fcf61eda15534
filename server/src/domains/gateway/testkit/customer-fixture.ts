/** Customers with a key and funds. */
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import { newId } from '../../../platform/ids.ts';
import { parseNanos } from '../../../platform/money.ts';
import { type TestPlatform, testContext } from '../../../platform/testkit/platform.ts';
import { apiKeyLimitsChanged } from '../../identity/index.ts';
import { openAllowances, openFunds, postTransfers } from '../../ledger/index.ts';
import { insertCustomer, type KeyRates } from './customer-store.ts';

export interface CustomerOptions {
  /** What is in the wallet, in dollars. */
  wallet?: string;
  /** Today's allowance of a package, in dollars. */
  allowance?: string;
  status?: 'active' | 'past_due' | 'suspended';
  allowedModels?: string[];
  expiresAt?: Date;
  isRevoked?: boolean;
  /** Of the key. */
  rates?: KeyRates;
  /** What the key may spend a day, in dollars. */
  dailyCap?: string;
}

let customers = 0;

export async function makeCustomer(platform: TestPlatform, options: CustomerOptions) {
  const { clocks } = platform;
  const at = clocks.business();
  const secret = newSecret('sk-');
  customers += 1;
  const organizationId = newId('org', at);
  const apiKeyId = newId('key', at);
  const context = testContext(platform);
  await platform.database.transaction().execute(async (transaction) => {
    await insertCustomer(transaction, {
      organizationId,
      organizationStatus: options.status ?? 'active',
      userId: newId('usr', at),
      apiKeyId,
      secretHash: sha256(secret),
      allowedModels: options.allowedModels ?? null,
      expiresAt: options.expiresAt ?? null,
      isRevoked: options.isRevoked ?? false,
      rates: options.rates ?? {},
      at,
    });
    await openFunds(context, transaction, organizationId);
    const wallet = parseNanos(options.wallet ?? '1');
    if (wallet > 0n) {
      await postTransfers(context, transaction, organizationId, [
        {
          debit: 'world',
          credit: 'wallet',
          amount: { amount: wallet, currency: 'USD' },
          kind: 'top_up',
          reference: `test-${customers}`,
        },
      ]);
    }
    if (options.dailyCap !== undefined) {
      await platform.events.announce(context, transaction, apiKeyLimitsChanged, {
        ...{ organizationId, apiKeyId },
        spendCaps: { day: options.dailyCap, month: null, total: null },
      });
    }
    if (options.allowance === undefined) return;
    const closesAt = new Date(at.getTime() + 86_400_000);
    await openAllowances(context, transaction, organizationId, [
      {
        organizationPackageId: newId('opk', at),
        day: 0,
        amount: { amount: parseNanos(options.allowance), currency: 'USD' },
        opensAt: at,
        closesAt,
        pause: null,
        spendBefore: closesAt,
      },
    ]);
  });
  return { organizationId, apiKeyId, secret };
}
