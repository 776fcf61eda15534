/**
 * Wallets that refill themselves. A refill is decided, written down, invoiced and its charge opened in one transaction
 * behind the organization's lock, so that of any number of processes one answers a fall of the balance. What stops
 * after that commit is made up for by payments, under the charge's own number; what stops before has done nothing.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findWalletsBelow, lockFunds, readWallet } from '../../ledger/index.ts';
import { type DeclineCode, openAttempt, startPayment } from '../../payments/index.ts';
import { findAutoTopUp, insertRefill, listEnabledAutoTopUps } from '../auto-top-up-store.ts';
import { type AutoTopUp, decideRefill } from '../core/auto-top-up.ts';
import { payerOf } from '../core/invoice.ts';
import { titleOf } from '../core/present.ts';
import { refillsOfMonth } from './auto-top-up.ts';
import { requireCustomer } from './require-customer.ts';
import { switchOff } from './switch-off-auto-top-up.ts';
import { issueTopUp } from './top-up-wallet.ts';

const rulesAtOnceMax = 500;

/** Refills every wallet that has fallen below what its organization named; answers how many were charged. */
export async function refillWallets(context: Context): Promise<number> {
  let charged = 0;
  let after = '';
  for (;;) {
    const rules = await listEnabledAutoTopUps(context.database, { after, limit: rulesAtOnceMax });
    const asked = rules.map(({ organizationId, below, amount }) => ({
      ...{ organizationId, below, currency: amount.currency },
    }));
    for (const organizationId of await findWalletsBelow(context.database, asked)) {
      if (await tryRefill(context, organizationId)) charged += 1;
    }
    const last = rules.at(-1);
    if (!last || rules.length < rulesAtOnceMax) return charged;
    after = last.organizationId;
  }
}

/** One that fails does not keep the others waiting. */
async function tryRefill(context: Context, organizationId: string): Promise<boolean> {
  try {
    return await refillWallet(context, organizationId);
  } catch (error) {
    context.log.error(
      { err: error, organization: organizationId },
      'a wallet could not be refilled; it is tried again',
    );
    return false;
  }
}

/** Refills one wallet where that is due; what cannot even be charged switches it off. */
export async function refillWallet(context: Context, organizationId: string): Promise<boolean> {
  let paymentId: string | undefined;
  try {
    paymentId = await inTransaction(context, (transaction) =>
      openRefill(context, transaction, organizationId),
    );
  } catch (error) {
    if (error instanceof Refusal && error.code === 'payments_on_hold') return false;
    const reason = error instanceof Refusal ? unchargeable[error.code] : undefined;
    if (reason === undefined) throw error;
    await inTransaction(context, (transaction) =>
      switchOff(context, transaction, { organizationId, reason }),
    );
    return false;
  }
  if (paymentId === undefined) return false;
  await startPayment(context, paymentId);
  return true;
}

/** Why a method cannot even be tried. */
const unchargeable: Record<string, DeclineCode> = {
  not_found: 'method_unusable',
  provider_unavailable: 'method_unusable',
  currency_unsupported: 'currency_unsupported',
};

async function openRefill(
  context: Context,
  transaction: Transaction,
  organizationId: string,
): Promise<string | undefined> {
  await lockFunds(transaction, organizationId);
  const rule = await findAutoTopUp(transaction, organizationId);
  if (!rule || !(await isDue(context, transaction, rule))) return undefined;
  const { amount, methodId } = rule;
  const invoice = await issueTopUp(context, transaction, { organizationId, amount });
  const paymentId = await openAttempt(context, transaction, {
    ...{ organizationId, invoiceId: invoice.id, amount },
    ...{ provider: null, methodId, isAutomatic: true },
    ...{ payer: payerOf(invoice), title: titleOf(invoice), returnUrl: undefined },
    expiresAt: invoice.dueAt,
  });
  const at = context.clocks.business();
  await insertRefill(transaction, { invoiceId: invoice.id, organizationId, amount, at });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'wallet.refill',
    resource: { kind: 'invoice', id: invoice.id },
    newValues: {
      ...{ amount: formatMinor(amount), currency: amount.currency },
      ...{ payment: paymentId, payment_method: methodId },
    },
  });
  return paymentId;
}

async function isDue(
  context: Context,
  transaction: Transaction,
  rule: AutoTopUp,
): Promise<boolean> {
  const { organizationId } = rule;
  const { available } = await readWallet(transaction, organizationId);
  const refills = await refillsOfMonth(context, transaction, organizationId);
  if (!decideRefill(rule, { available, refills }).due) return false;
  return isCustomer(transaction, organizationId);
}

/** A suspended organization buys nothing; what it agreed on waits until that is lifted. */
async function isCustomer(transaction: Transaction, organizationId: string): Promise<boolean> {
  try {
    await requireCustomer(transaction, organizationId);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'organization_suspended') return false;
    throw error;
  }
}
