import type { createPackage as endpoint } from '@sluice/contract/catalog';
import type { BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { parseAmount, parseMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { refuseOverage } from '../core/overage.ts';
import { insertPackage, type PackageRow } from '../store.ts';
import { resolveQuotas } from './resolve-quotas.ts';

/**
 * Puts a package on sale; a body without `currency` takes the deployment's.
 * @throws Refusal `amount_out_of_range` for a price finer than its currency's minor unit; `meter_unknown`, `rule_violated` for a quota
 * that its meter cannot have.
 */
export async function createPackage(
  context: Context,
  command: BodyOf<typeof endpoint>,
): Promise<PackageRow> {
  return inTransaction(context, (transaction) =>
    createPackageWithin(context, transaction, command),
  );
}

/** As `createPackage`, within the transaction of a larger change. */
export async function createPackageWithin(
  context: Context,
  transaction: Transaction,
  command: BodyOf<typeof endpoint>,
): Promise<PackageRow> {
  const now = context.clocks.business();
  const currency = command.currency ?? context.config.currency;
  const row: PackageRow = {
    id: newId('pkg', now),
    name: command.name,
    description: command.description ?? null,
    price_minor: parseMinor(command.price, currency, 'price').minor,
    currency,
    duration_days: command.duration_days,
    daily_limit: parseAmount(command.daily_limit, 'daily_limit'),
    quotas: refuseOverage(await resolveQuotas(transaction, command.quotas ?? [], null)),
    sort_order: command.sort_order ?? 0,
    status: 'active',
    created_at: now,
    updated_at: now,
  };
  await insertPackage(transaction, row);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'package.create',
    resource: { kind: 'package', id: row.id },
    newValues: auditValues(row),
  });
  return row;
}

/** What the audit log keeps of a package. */
export function auditValues(row: PackageRow): Record<string, unknown> {
  return {
    name: row.name,
    description: row.description,
    price_minor: String(row.price_minor),
    currency: row.currency,
    duration_days: row.duration_days,
    daily_limit_nanos: String(row.daily_limit),
    quotas: row.quotas,
    sort_order: row.sort_order,
    status: row.status,
  };
}
