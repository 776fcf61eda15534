/** All SQL of subscriptions. */
import type { ColumnType, Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { StoredQuota } from '../catalog/index.ts';
import type { OrganizationPackage } from './core/organization-package.ts';

type SubscriptionsTables = {
  subscriptions_organization_packages: {
    id: string;
    organization_id: string;
    package_id: string;
    name: string;
    price_minor: bigint;
    currency: string;
    duration_days: number;
    daily_limit: bigint;
    usage_currency: string;
    quotas: ColumnType<StoredQuota[], string, never>;
    invoice_id: string;
    status: OrganizationPackage['status'];
    time_zone: string | null;
    created_at: Date;
    starts_at: Date | null;
    ends_at: Date | null;
    recognized_days: number;
    recognized_minor: bigint;
    next_recognition_at: Date | null;
  };
};

type Row = Omit<
  Selectable<SubscriptionsTables['subscriptions_organization_packages']>,
  'next_recognition_at'
>;

const columns = [
  'id',
  'organization_id',
  'package_id',
  'name',
  'price_minor',
  'currency',
  'duration_days',
  'daily_limit',
  'usage_currency',
  'quotas',
  'invoice_id',
  'status',
  'time_zone',
  'created_at',
  'starts_at',
  'ends_at',
  'recognized_days',
  'recognized_minor',
] as const;

const tables = (executor: Executor) => executor.withTables<SubscriptionsTables>();

/** Inserts a pending package; false where it costs nothing and the organization has it already. */
export async function insertOrganizationPackage(
  executor: Executor,
  owned: OrganizationPackage,
): Promise<boolean> {
  const result = await tables(executor)
    .insertInto('subscriptions_organization_packages')
    .values({
      id: owned.id,
      organization_id: owned.organizationId,
      package_id: owned.packageId,
      name: owned.name,
      price_minor: owned.price.minor,
      currency: owned.price.currency,
      duration_days: owned.durationDays,
      daily_limit: owned.dailyLimit.amount,
      usage_currency: owned.dailyLimit.currency,
      quotas: JSON.stringify(owned.quotas),
      invoice_id: owned.invoiceId,
      status: owned.status,
      time_zone: owned.timeZone,
      created_at: owned.createdAt,
      starts_at: owned.startsAt,
      ends_at: owned.endsAt,
      recognized_days: owned.recognizedDays,
      recognized_minor: owned.recognizedMinor,
      next_recognition_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'package_id'])
        .where('price_minor', '=', 0n)
        .where('status', 'in', ['pending', 'active'])
        .doNothing(),
    )
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** @scope row: of a paid invoice, or found by a job. */
export async function lockOrganizationPackage(
  executor: Executor,
  id: string,
): Promise<OrganizationPackage | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_organization_packages')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toOrganizationPackage(row);
}

/** Most packages that one organization's list shows. */
const listedMax = 200;

/** What an organization has bought, newest first. */
export async function listOrganizationPackages(
  executor: Executor,
  organizationId: string,
): Promise<OrganizationPackage[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_organization_packages')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .orderBy('id', 'desc')
    .limit(listedMax)
    .execute();
  return rows.map(toOrganizationPackage);
}

/**
 * Packages that have not ended by `at`.
 * @scope deployment: the overview counts all customers’.
 */
export async function countActivePackages(executor: Executor, at: Date): Promise<bigint> {
  const { count } = await tables(executor)
    .selectFrom('subscriptions_organization_packages')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('status', '=', 'active')
    .where('ends_at', '>', at)
    .executeTakeFirstOrThrow();
  return count;
}

export interface Begin {
  timeZone: string;
  startsAt: Date;
  endsAt: Date;
  nextRecognitionAt: Date | null;
}

export async function markActive(executor: Executor, id: string, begin: Begin): Promise<void> {
  await tables(executor)
    .updateTable('subscriptions_organization_packages')
    .set({
      status: 'active',
      time_zone: begin.timeZone,
      starts_at: begin.startsAt,
      ends_at: begin.endsAt,
      next_recognition_at: begin.nextRecognitionAt,
    })
    .where('id', '=', id)
    .execute();
}

export async function markStatus(
  executor: Executor,
  id: string,
  status: 'lapsed' | 'canceled',
): Promise<void> {
  await tables(executor)
    .updateTable('subscriptions_organization_packages')
    .set({ status })
    .where('id', '=', id)
    .execute();
}

export async function saveRecognition(
  executor: Executor,
  id: string,
  recognized: { days: number; minor: bigint; nextAt: Date | null },
): Promise<void> {
  await tables(executor)
    .updateTable('subscriptions_organization_packages')
    .set({
      recognized_days: recognized.days,
      recognized_minor: recognized.minor,
      next_recognition_at: recognized.nextAt,
    })
    .where('id', '=', id)
    .execute();
}

/**
 * When the next package ends after an instant.
 * @scope job: whatever is due, of every customer.
 */
export async function findNextPackageEnd(
  executor: Executor,
  after: Date,
): Promise<Date | undefined> {
  const next = await tables(executor)
    .selectFrom('subscriptions_organization_packages')
    .select('ends_at')
    .where('status', '=', 'active')
    .where('ends_at', '>', after)
    .orderBy('ends_at')
    .limit(1)
    .executeTakeFirst();
  return next?.ends_at ?? undefined;
}

/**
 * Active packages whose end has come, in the order of their ends.
 * @scope job: whatever is due, of every customer.
 */
export async function findEndedIds(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_organization_packages')
    .select('id')
    .where('status', '=', 'active')
    .where('ends_at', '<=', now)
    .orderBy('ends_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Packages with a day's share to recognize, longest due first.
 * @scope job: whatever is due, of every customer.
 */
export async function findRecognizableIds(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_organization_packages')
    .select('id')
    .where('next_recognition_at', '<=', now)
    .orderBy('next_recognition_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

function toOrganizationPackage(row: Row): OrganizationPackage {
  return {
    id: row.id,
    organizationId: row.organization_id,
    packageId: row.package_id,
    name: row.name,
    price: { minor: row.price_minor, currency: row.currency },
    durationDays: row.duration_days,
    dailyLimit: { amount: row.daily_limit, currency: row.usage_currency },
    quotas: row.quotas,
    invoiceId: row.invoice_id,
    status: row.status,
    timeZone: row.time_zone,
    createdAt: row.created_at,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    recognizedDays: row.recognized_days,
    recognizedMinor: row.recognized_minor,
  };
}
