import type * as endpoints from '@sluice/contract/auto-top-up';
import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { formatMinor, formatNanos, parseAmount } from '../../../platform/money.ts';
import { startOfMonth } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { requireChargeable } from '../../payments/index.ts';
import { findAutoTopUp, readRefills, saveAutoTopUp } from '../auto-top-up-store.ts';
import { type AutoTopUp, isLimitReached, type Refills } from '../core/auto-top-up.ts';
import { requireCustomer } from './require-customer.ts';
import { readTopUp } from './top-up-wallet.ts';

type AutoTopUpView = AnswerOf<typeof endpoints.getAutoTopUp>;

/** When and by how much the wallet refills itself. */
export async function getAutoTopUp(
  context: Context,
  organizationId: string,
): Promise<AutoTopUpView> {
  const rule = await findAutoTopUp(context.database, organizationId);
  const refills = await refillsOfMonth(context, context.database, organizationId);
  return present(context, rule, refills);
}

/**
 * Agrees on it anew; what switched it off is forgiven.
 * @throws Refusal `amount_out_of_range`, `currency_unsupported`, `provider_unavailable`, `rule_violated`, `not_found`,
 *   `organization_suspended`.
 */
export async function setAutoTopUp(
  context: Context,
  command: { organizationId: string } & BodyOf<typeof endpoints.setAutoTopUp>,
): Promise<AutoTopUpView> {
  const { organizationId, enabled, payment_method: methodId } = command;
  const currency = context.config.usageCurrency;
  const amount = readTopUp({ amount: command.amount, currency });
  const monthlyLimitMinor = readTopUp({ amount: command.monthly_limit, currency }).minor;
  if (monthlyLimitMinor < amount.minor) {
    throw new Refusal('rule_violated', 'Let a month bring at least one refill.', {
      param: 'monthly_limit',
    });
  }
  const rule: AutoTopUp = {
    ...{ organizationId, enabled, amount, monthlyLimitMinor, methodId, off: null },
    below: parseAmount(command.below, 'below'),
  };
  await inTransaction(context, async (transaction) => {
    await lockFunds(transaction, organizationId);
    if (enabled) {
      await requireCustomer(transaction, organizationId);
      await requireChargeable(context, transaction, { organizationId, id: methodId, amount });
    }
    const old = await findAutoTopUp(transaction, organizationId);
    await saveAutoTopUp(transaction, rule, context.clocks.business());
    await recordAudit(context, transaction, {
      organizationId,
      action: 'wallet.set_auto_top_up',
      resource: { kind: 'organization', id: organizationId },
      ...(old && { oldValues: shown(old) }),
      newValues: shown(rule),
    });
  });
  return getAutoTopUp(context, organizationId);
}

/** Of the calendar month of now, in the organization's zone. */
export async function refillsOfMonth(
  context: Context,
  executor: Executor,
  organizationId: string,
): Promise<Refills> {
  const organization = await findOrganization(executor, organizationId);
  invariant(organization, `organization ${organizationId} has a wallet`);
  const since = startOfMonth(context.clocks.business(), organization.timeZone);
  const currency = context.config.usageCurrency;
  return readRefills(executor, { organizationId, currency, since });
}

function present(
  { config }: Context,
  rule: AutoTopUp | undefined,
  refills: Refills,
): AutoTopUpView {
  const currency = config.usageCurrency;
  const minor = (amount: bigint) => formatMinor({ minor: amount, currency });
  return {
    enabled: rule?.enabled ?? false,
    currency,
    below: rule ? formatNanos(rule.below) : null,
    amount: rule ? formatMinor(rule.amount) : null,
    monthly_limit: rule ? minor(rule.monthlyLimitMinor) : null,
    payment_method: rule?.methodId ?? null,
    this_month: minor(refills.monthMinor),
    limit_reached: rule?.enabled === true && isLimitReached(rule, refills),
    under_way: refills.isUnderWay,
    switched_off: rule?.off ? { reason: rule.off.reason, at: rule.off.at.toISOString() } : null,
  };
}

function shown({ enabled, below, amount, monthlyLimitMinor, methodId }: AutoTopUp) {
  const { currency } = amount;
  return {
    ...{ enabled, below: formatNanos(below), amount: formatMinor(amount), currency },
    monthly_limit: formatMinor({ minor: monthlyLimitMinor, currency }),
    payment_method: methodId,
  };
}
