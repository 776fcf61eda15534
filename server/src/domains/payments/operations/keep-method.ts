import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import type { Attempt } from '../core/attempt.ts';
import type { MethodSetup } from '../core/method.ts';
import { paymentMethodKept } from '../events.ts';
import {
  hasKeptMethod,
  insertMethod,
  listActiveMethods,
  lockMethodByDigest,
  renewMethod,
  saveKeptMethod,
} from '../methods-store.ts';
import type { SavedMethod } from '../provider.ts';
import { closeSetup, findSetup } from '../setups-store.ts';
import { lockAttempt } from '../store.ts';
import { sealMethod } from './method-seals.ts';

interface Keeping {
  organizationId: string;
  provider: string;
  merchant: string;
  saved: SavedMethod;
}

/** Keeps the method that an attempt was paid with, once, and tells who sold what it paid for. */
export async function keepMethodOfAttempt(
  context: Context,
  attempt: Attempt,
  saved: SavedMethod,
): Promise<void> {
  const { id, organizationId, provider, merchant, invoiceId } = attempt;
  await inTransaction(context, async (transaction) => {
    // Locks come in the one order; and what was kept and removed since is not kept again.
    await lockAttempt(transaction, attempt.number);
    if (await hasKeptMethod(transaction, id)) return;
    const methodId = await keepMethod(context, transaction, {
      ...{ organizationId, provider, merchant, saved },
    });
    await saveKeptMethod(transaction, id, methodId ?? null);
    if (!methodId) return;
    await context.events.announce(context, transaction, paymentMethodKept, {
      ...{ organizationId, invoiceId, methodId },
    });
  });
}

/** Keeps the method that a set-up has stored, and closes the set-up with it. */
export async function keepMethodOfSetup(
  context: Context,
  setup: MethodSetup,
  saved: SavedMethod,
): Promise<void> {
  const { id, organizationId, provider, merchant } = setup;
  await inTransaction(context, async (transaction) => {
    await lockFunds(transaction, organizationId);
    if ((await findSetup(transaction, { id }))?.status === 'stored') return;
    const methodId = await keepMethod(context, transaction, {
      ...{ organizationId, provider, merchant, saved },
    });
    const is = methodId
      ? ({ status: 'stored', declineCode: null, methodId } as const)
      : ({ status: 'failed', declineCode: 'method_unusable', methodId: null } as const);
    await closeSetup(transaction, id, is);
  });
}

/**
 * Keeps a method behind its organization's lock; the first one is the default. One that is known is the same one, and
 * is in use again where it was removed. Undefined for one that another organization has: it is not given to two.
 */
async function keepMethod(
  context: Context,
  transaction: Transaction,
  { organizationId, provider, merchant, saved }: Keeping,
): Promise<string | undefined> {
  await lockFunds(transaction, organizationId);
  const at = context.clocks.business();
  const id = newId('pm', at);
  const { kind, label, expires } = saved;
  const sealed = sealMethod(context, id, saved);
  const hasDefault = (await listActiveMethods(transaction, organizationId)).length > 0;
  const isNew = await insertMethod(transaction, {
    ...{ id, organizationId, provider, merchant, kind, label, expires, ...sealed },
    ...{ isDefault: !hasDefault, status: 'active', removals: 0, createdAt: at },
    confirmedAt: at,
  });
  const kept = isNew
    ? id
    : await renew(context, transaction, { organizationId, provider, merchant, saved });
  if (kept === undefined) {
    context.log.error(
      { organization: organizationId, provider },
      'a provider says that two organizations have the same payment method: it stays with the first',
    );
    return undefined;
  }
  if (isNew) {
    await recordAudit(context, transaction, {
      organizationId,
      action: 'payment_method.add',
      resource: { kind: 'payment_method', id },
      newValues: { provider, kind, label, expires },
    });
  }
  return kept;
}

async function renew(
  context: Context,
  transaction: Transaction,
  { organizationId, provider, merchant, saved }: Keeping,
): Promise<string | undefined> {
  const { digest } = sealMethod(context, '', saved);
  const known = await lockMethodByDigest(transaction, { provider, merchant, digest });
  if (!known || known.organizationId !== organizationId) return undefined;
  const active = await listActiveMethods(transaction, organizationId);
  const { kind, label, expires } = saved;
  await renewMethod(transaction, known.id, {
    ...{ kind, label, expires },
    confirmedAt: context.clocks.business(),
    isDefault: known.isDefault || active.length === 0,
    sealedCustomer: sealMethod(context, known.id, saved).sealedCustomer,
  });
  return known.id;
}
