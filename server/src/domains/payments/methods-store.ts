/** All SQL about stored payment methods. What they are called at their providers is sealed before it comes here. */
import { type Selectable, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { MethodStatus, PaymentMethod } from './core/method.ts';

interface MethodColumns {
  id: string;
  organization_id: string;
  provider: string;
  merchant: string;
  digest: string;
  sealed_reference: string;
  sealed_customer: string | null;
  kind: PaymentMethod['kind'];
  label: string;
  expires: string | null;
  is_default: boolean;
  status: MethodStatus;
  created_at: Date;
  removed_at: Date | null;
  removals: number;
  next_removal_at: Date | null;
  confirmed_at: Date | null;
  next_check_at: Date | null;
}

type MethodTables = {
  payments_methods: MethodColumns;
  payments_attempts: { id: string; kept_method_id: string | null; next_query_at: Date | null };
};

/** A method with its sealed names at the provider. */
export interface StoredMethod extends PaymentMethod {
  sealedReference: string;
  sealedCustomer: string | null;
}

const methodColumns = [
  ...(['id', 'organization_id', 'provider', 'merchant', 'sealed_reference'] as const),
  ...(['sealed_customer', 'kind', 'label', 'expires', 'is_default', 'status'] as const),
  ...(['created_at', 'confirmed_at', 'removals'] as const),
] as const;

const tables = (executor: Executor) => executor.withTables<MethodTables>();

export async function insertMethod(
  executor: Executor,
  method: StoredMethod & { digest: string },
): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('payments_methods')
    .values({
      id: method.id,
      organization_id: method.organizationId,
      provider: method.provider,
      merchant: method.merchant,
      digest: method.digest,
      sealed_reference: method.sealedReference,
      sealed_customer: method.sealedCustomer,
      kind: method.kind,
      label: method.label,
      expires: method.expires,
      is_default: method.isDefault,
      status: method.status,
      created_at: method.createdAt,
      removed_at: null,
      removals: 0,
      next_removal_at: null,
      confirmed_at: method.confirmedAt,
      next_check_at: null,
    })
    .onConflict((conflict) => conflict.columns(['provider', 'merchant', 'digest']).doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}

/**
 * By what the provider calls it; locked.
 * @scope job: a provider names what was stored.
 */
export async function lockMethodByDigest(
  executor: Executor,
  { provider, merchant, digest }: { provider: string; merchant: string; digest: string },
): Promise<StoredMethod | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_methods')
    .select(methodColumns)
    .where('provider', '=', provider)
    .where('merchant', '=', merchant)
    .where('digest', '=', digest)
    .forUpdate()
    .executeTakeFirst();
  return row && toMethod(row);
}

/**
 * The organization whose method it is, before anything is locked.
 * @scope job: a provider names what was stored.
 */
export async function findMethodByDigest(
  executor: Executor,
  { provider, digest }: { provider: string; digest: string },
): Promise<StoredMethod | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_methods')
    .select(methodColumns)
    .where('provider', '=', provider)
    .where('digest', '=', digest)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toMethod(row);
}

/**
 * What the provider says of a method that is known already.
 * @scope row: its operation found it in scope.
 */
export async function renewMethod(
  executor: Executor,
  id: string,
  is: Pick<
    StoredMethod,
    'kind' | 'label' | 'expires' | 'isDefault' | 'sealedCustomer' | 'confirmedAt'
  >,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_methods')
    .set({
      kind: is.kind,
      label: is.label,
      expires: is.expires,
      is_default: is.isDefault,
      sealed_customer: is.sealedCustomer,
      confirmed_at: is.confirmedAt,
      ...{ status: 'active', removed_at: null, removals: 0, next_removal_at: null },
    })
    .where('id', '=', id)
    .execute();
}

/** @scope caller: requireOwnMethod compares whose it is. */
export async function findMethod(
  executor: Executor,
  id: string,
): Promise<StoredMethod | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_methods')
    .select(methodColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toMethod(row);
}

/** Those that can be charged, the default first, then the newest. An organization has at most so many. */
export async function listActiveMethods(
  executor: Executor,
  organizationId: string,
): Promise<StoredMethod[]> {
  const rows = await tables(executor)
    .selectFrom('payments_methods')
    .select(methodColumns)
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'active')
    .orderBy('is_default', 'desc')
    .orderBy('id', 'desc')
    .limit(methodsMax)
    .execute();
  return rows.map(toMethod);
}

export const methodsMax = 50;

/** What the provider called the payer when it last stored something, of methods that are gone too. */
export async function findSealedCustomer(
  executor: Executor,
  of: { organizationId: string; provider: string; merchant: string },
): Promise<{ id: string; sealedCustomer: string } | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_methods')
    .select(['id', 'sealed_customer'])
    .where('organization_id', '=', of.organizationId)
    .where('provider', '=', of.provider)
    .where('merchant', '=', of.merchant)
    .where('sealed_customer', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.sealed_customer ? { id: row.id, sealedCustomer: row.sealed_customer } : undefined;
}

/** Makes one the default instead of whichever was; behind the organization's lock. */
export async function saveDefaultMethod(
  executor: Executor,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_methods')
    .set({ is_default: false })
    .where('organization_id', '=', organizationId)
    .where('is_default', '=', true)
    .execute();
  await tables(executor)
    .updateTable('payments_methods')
    .set({ is_default: true })
    .where('id', '=', id)
    .execute();
}

export async function markRemoving(
  executor: Executor,
  id: string,
  at: { removedAt: Date; nextRemovalAt: Date },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_methods')
    .set({
      ...{ status: 'removing', is_default: false },
      ...{ removed_at: at.removedAt, next_removal_at: at.nextRemovalAt },
    })
    .where('id', '=', id)
    .execute();
}

/** The provider has forgotten it too. */
export async function markRemoved(executor: Executor, id: string, at: Date): Promise<void> {
  await tables(executor)
    .updateTable('payments_methods')
    .set({
      ...{ status: 'removed', is_default: false, next_removal_at: null },
      removed_at: sql<Date>`coalesce(removed_at, ${at})`,
    })
    .where('id', '=', id)
    .where('status', '!=', 'removed')
    .execute();
}

/**
 * Takes methods that the provider has yet to forget; two processes never take the same one.
 * @scope job: whatever is due, of every customer.
 */
export async function claimRemovals(
  executor: Executor,
  wall: Date,
  options: { limit: number; againAt: (removals: number) => Date },
): Promise<StoredMethod[]> {
  const due = await tables(executor)
    .selectFrom('payments_methods')
    .select(['id', 'removals'])
    .where('next_removal_at', '<=', wall)
    .orderBy('next_removal_at')
    .orderBy('id')
    .limit(options.limit)
    .execute();
  const claimed: StoredMethod[] = [];
  for (const { id, removals } of due) {
    const row = await tables(executor)
      .updateTable('payments_methods')
      .set({ removals: removals + 1, next_removal_at: options.againAt(removals) })
      .where('id', '=', id)
      .where('removals', '=', removals)
      .where('status', '=', 'removing')
      .returning(methodColumns)
      .executeTakeFirst();
    if (row) claimed.push(toMethod(row));
  }
  return claimed;
}

/**
 * Takes active methods that are due to be compared; two processes never take the same one.
 * @scope job: whatever is due, of every customer.
 */
export async function claimChecks(
  executor: Executor,
  { now, limit, againAt }: { now: Date; limit: number; againAt: Date },
): Promise<StoredMethod[]> {
  const due = await tables(executor)
    .selectFrom('payments_methods')
    .select('id')
    .where('status', '=', 'active')
    .where((is) => is.or([is('next_check_at', 'is', null), is('next_check_at', '<=', now)]))
    .orderBy('next_check_at', (order) => order.asc().nullsFirst())
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  if (due.length === 0) return [];
  const ids = due.map(({ id }) => id);
  const claimed = await tables(executor)
    .updateTable('payments_methods')
    .set({ next_check_at: againAt })
    .where('id', 'in', ids)
    .returning(methodColumns)
    .execute();
  return claimed.map(toMethod);
}

/**
 * Its provider has said that it is there, and what it is.
 * @scope row: its operation found it in scope.
 */
export async function saveConfirmed(
  executor: Executor,
  id: string,
  { label, expires, at }: Pick<StoredMethod, 'label' | 'expires'> & { at: Date },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_methods')
    .set({ label, expires, confirmed_at: at })
    .where('id', '=', id)
    .where('status', '=', 'active')
    .execute();
}

/** @scope row: of an attempt that is held. */
export async function hasKeptMethod(executor: Executor, attemptId: string): Promise<boolean> {
  const row = await tables(executor)
    .selectFrom('payments_attempts')
    .select('id')
    .where('id', '=', attemptId)
    .where('kept_method_id', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends the asking for the method that a payment was to keep. */
export async function saveKeptMethod(
  executor: Executor,
  attemptId: string,
  methodId: string | null,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_attempts')
    .set({ kept_method_id: methodId, next_query_at: null })
    .where('id', '=', attemptId)
    .execute();
}

function toMethod(
  row: Selectable<Pick<MethodColumns, (typeof methodColumns)[number]>>,
): StoredMethod {
  return {
    id: row.id,
    organizationId: row.organization_id,
    provider: row.provider,
    merchant: row.merchant,
    sealedReference: row.sealed_reference,
    sealedCustomer: row.sealed_customer,
    kind: row.kind,
    label: row.label,
    expires: row.expires,
    isDefault: row.is_default,
    status: row.status,
    removals: row.removals,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
  };
}
